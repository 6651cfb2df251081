import type { SiteContent } from '../site/site.ts';

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const PHONE = /(?<![\w€$£])\+?\d[\d ()./-]{6,}\d(?!\w)/;
const STREET =
  /\b(?:address(?: is|:)?|located at|at|on)\s+(\d+[a-z]?\s+[A-ZÀ-Þ][\p{L}.’' -]+|(?:Rua|Avenida|Av\.|Calle|Rue|Via|Praça|Largo|Travessa)\s[\p{L}\d .,º-]+\d+[a-z]?|[A-ZÀ-Þ][\p{L}.’'-]+(?:straße|strasse|weg|platz|allee)\s+\d+[a-z]?)/u;
const HOURS =
  /\b((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*(?:to|till|until|through|-|–|and|&)\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?|every day|daily|weekdays|weekends)\s*(?:,|:|from|between)?\s*(\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm)?)\s*(?:to|till|until|-|–|and)\s*(\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm)?)/gi;

/** What the prompt says about reaching the business; the rest is made up and reads as such. */
export function contactIn(prompt: string, slug: string, place: string | undefined): SiteContent['contact'] {
  const address = addressIn(prompt);
  return {
    email: emailIn(prompt) ?? `hello@${slug}.example`,
    phone: phoneIn(prompt) ?? '+00 555 0142',
    address: address
      ? place && !address.includes(place)
        ? `${address}, ${place}`
        : address
      : place
        ? `14 Mill Lane, ${place}`
        : '14 Mill Lane',
  };
}

export const emailIn = (text: string): string | undefined => EMAIL.exec(text)?.[0];
export const phoneIn = (text: string): string | undefined => PHONE.exec(text.replace(EMAIL, ' '))?.[0].trim();
export const addressIn = (text: string): string | undefined => STREET.exec(text)?.[1]?.trim().replace(/[.,]$/, '');

/** Opening hours written as people write them: "Tuesday to Friday 9 to 18". */
export function hoursIn(text: string): SiteContent['hours'] | undefined {
  const found = [...text.matchAll(HOURS)].map(([, days, from, to]) => ({
    days: daysText(days!),
    time: `${timeText(from!)}–${timeText(to!)}`,
  }));
  return found.length > 0 ? found : undefined;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function daysText(days: string): string {
  if (/every day|daily/i.test(days)) return 'Every day';
  if (/weekdays/i.test(days)) return 'Monday to Friday';
  if (/weekends/i.test(days)) return 'Saturday and Sunday';
  const names = [...days.matchAll(/mon|tue|wed|thu|fri|sat|sun/gi)].map(([day]) =>
    DAYS.find((name) => name.toLowerCase().startsWith(day.toLowerCase())),
  );
  const joint = /and|&/i.test(days) ? ' and ' : ' to ';
  return names.join(joint);
}

function timeText(time: string): string {
  const [, hour, minutes = '00', half] = /^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$/i.exec(time.trim()) ?? [];
  if (!hour) return time.trim();
  const shifted = half?.toLowerCase() === 'pm' && Number(hour) < 12 ? Number(hour) + 12 : Number(hour);
  return `${shifted}:${minutes}`;
}
