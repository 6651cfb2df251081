import { paletteIn } from '../understanding/colour-words.ts';
import { addressIn, emailIn, hoursIn, phoneIn } from '../understanding/details.ts';
import { layoutIn, pairingIdIn } from '../understanding/style-words.ts';
import type { Clause } from './clauses.ts';
import { clausesOf, restore, valueOf } from './clauses.ts';
import type { Field, Instruction } from './instruction.ts';
import { itemInstructions } from './understand-items.ts';
import { pageInstructions } from './understand-pages.ts';
import { sectionInstructions } from './understand-sections.ts';
import { wantsToStartOver } from './start-over.ts';

type Rule = (clause: Clause) => Instruction[];

/** What a request asks for, wish by wish. A wish no rule knows is `unknown`, never dropped. */
export function understand(request: string): Instruction[] {
  if (wantsToStartOver(request)) return [{ do: 'start-over' }];
  return clausesOf(request).flatMap((clause) => {
    for (const rule of RULES) {
      const found = rule(clause);
      if (found.length > 0) return found;
    }
    return POLITE.test(clause.text) ? [] : [{ do: 'unknown' as const, text: restore(clause.text, clause.quoted) }];
  });
}

const POLITE =
  /^(?:please|thanks?(?: you)?|thank you|ok(?:ay)?|great|nice|cool|perfect|hi|hello|hey|looks? good|i like it|love it|also|now|so|well)[\s!,.]*(?:very much|a lot)?$/i;

const ask: Rule = ({ text }) => {
  if (/^(?:undo|revert|go back|take (?:that|it) back|restore|roll back)\b/i.test(text)) return [{ do: 'undo' }];
  if (/^(?:help|what can (?:you|i)|what do you|how (?:do|does) (?:this|it|you)|who are you|examples?)\b/i.test(text))
    return [{ do: 'help' }];
  return [];
};

const CHANGE = String.raw`(?:change|replace|rename|swap|switch|update|edit|make|set|turn|rewrite|correct|fix)`;

const replaceText: Rule = ({ text, quoted }) => {
  const found =
    new RegExp(String.raw`${CHANGE}\b.*?§(\d+)§.*?\b(?:to|with|into|by|for|as|say|->|→)\b.*?§(\d+)§`, 'i').exec(text) ??
    /§(\d+)§\s*(?:->|→|=>|should (?:be|say|read)|becomes?|to)\s*§(\d+)§/i.exec(text);
  if (found) return [{ do: 'replace', from: quoted[Number(found[1])]!, to: quoted[Number(found[2])]! }];
  const loose = new RegExp(String.raw`${CHANGE}\b.*?§(\d+)§\s*(?:to|with|into|→|->)\s+(.+)$`, 'i').exec(text);
  if (loose) return [{ do: 'replace', from: quoted[Number(loose[1])]!, to: valueOf(loose[2]!, quoted) }];
  const gone = /^(?:remove|delete|drop|take out)\s+(?:the\s+)?(?:text|words?|sentence|line|phrase)\s+§(\d+)§/i.exec(text);
  return gone ? [{ do: 'replace', from: quoted[Number(gone[1])]!, to: '' }] : [];
};

const FIELDS: readonly (readonly [Field, RegExp])[] = [
  ['email', /\be-?mail(?: address)?\b/],
  ['phone', /\b(?:phone|telephone|tel|mobile|phone number|number to call)\b/],
  ['address', /\b(?:address|street)\b/],
  ['button', /\b(?:button|cta)(?: (?:text|label))?\b/],
  ['tagline', /\b(?:tag ?line|slogan|motto)\b/],
  ['text', /\b(?:subtitle|sub-?heading|sub-?title|intro(?:duction)?(?: text)?|hero text|lead|description|text (?:below|under))\b/],
  ['eyebrow', /\b(?:eyebrow|kicker|label above)\b/],
  [
    'heading',
    /\b(?:headline|main (?:title|heading)|hero (?:title|heading|headline)|h1|(?:title|headline|heading) (?:of|in) the hero|heading|big text|page title)\b/,
  ],
  ['name', /\b(?:name|title|brand|logo text|business name|site name|company name)\b/],
];

const setField: Rule = ({ text, quoted }) => {
  const called =
    /^(?:please )?(?:call|rename|name) (?:it|this|the (?:site|business|shop|page|place|company|project)|us)(?: to)? (.+)$/i.exec(text) ??
    /\b(?:it|we|site|shop|business|company)\s+(?:is|are|should be)\s+(?:now\s+)?called (.+)$/i.exec(text);
  if (called) return [{ do: 'set', field: 'name', value: valueOf(called[1]!, quoted) }];
  const found = /^(.*?)\s*(?:\bto\b|\bsay\b|\binto\b|\bas\b|\bis\b|\bshould (?:be|say|read)\b|\bwith\b|:|=)\s+(.+)$/i.exec(text);
  if (!found || !/\b(?:change|set|make|update|rename|use|replace|edit|rewrite|give|let|the|our|my)\b/i.test(found[1]!)) return [];
  const field = FIELDS.find(([, words]) => words.test(found[1]!.toLowerCase()))?.[0];
  if (!field) return [];
  const raw = restore(found[2]!, quoted).replaceAll(/[“”]/g, '');
  const value =
    { email: emailIn(raw), phone: phoneIn(raw), address: addressIn(`at ${raw}`) }[field as 'email'] ?? valueOf(found[2]!, quoted);
  return [{ do: 'set', field, value }];
};

const reach: Rule = ({ text, quoted }) => {
  const raw = restore(text, quoted);
  const hours = hoursIn(raw);
  if (hours && /\b(?:open|hours?|opening|times?)\b/i.test(raw)) return [{ do: 'hours', hours }];
  const email = emailIn(raw);
  if (email) return [{ do: 'set', field: 'email', value: email }];
  const phone = /phone|call|tel|number|mobile/i.test(raw) ? phoneIn(raw) : undefined;
  return phone ? [{ do: 'set', field: 'phone', value: phone }] : [];
};

const theme: Rule = ({ text }) => {
  const lower = text.toLowerCase();
  if (!/\b(?:dark|light|night)\b/.test(lower) || /\b(?:dark|light) (?:green|blue|red|brown|gr[ae]y|pink)\b/.test(lower)) return [];
  const off = /\b(?:remove|delete|drop|disable|no|without|turn off|stop|hide|get rid)\b/.test(lower);
  if (/\b(?:toggle|switch(?:er)?|button)\b/.test(lower) && !/^switch (?:it |the site )?(?:to|on)/.test(lower))
    return [{ do: 'theme-switch', wanted: !off }];
  if (/\b(?:follow|system|automatic|auto|both)\b/.test(lower)) return [{ do: 'theme', theme: 'system' }];
  const dark = /\b(?:dark|night)\b/.test(lower);
  if (dark && off) return [{ do: 'theme', theme: 'light' }];
  if (dark && /\b(?:add|support|include)\b/.test(lower))
    return [
      { do: 'theme', theme: 'system' },
      { do: 'theme-switch', wanted: true },
    ];
  return [{ do: 'theme', theme: dark ? 'dark' : off ? 'dark' : 'light' }];
};

const STYLE_VERB =
  /\b(?:make|use|change|switch|set|turn|give|try|want|paint|more|less|go|in|with|different|another|new|prefer|should be|palette|colou?rs?)\b/i;

const look: Rule = ({ text }) => {
  const lower = text.toLowerCase();
  const found: Instruction[] = [];
  if (/\bcorners?\b|\bsharper\b|\bsquare(?:r)?\b/.test(lower)) return [{ do: 'corners', round: /\bround|soft/.test(lower) }];
  const onFonts = /\b(?:fonts?|typefaces?|typography|type|headings?|serif|sans(?:-serif)?|monospace|lettering)\b/.test(lower);
  const onLayout = /\b(?:layout|hero|structure|cent(?:er|re)d?|split|editorial|magazine|poster|mosaic|bento|arrangement)\b/.test(lower);
  if (onFonts) found.push({ do: 'fonts', pairing: pairingIdIn(lower) ?? 'other' });
  if (onLayout && !onFonts) {
    const layout = layoutIn(lower) ?? (/different|another|other|new|change/.test(lower) ? 'other' : undefined);
    if (layout)
      return [
        {
          do: 'layout',
          layout,
          scope: /\b(?:layout|structure|site|everything|page)\b/.test(lower) && !/hero/.test(lower) ? 'site' : 'hero',
        },
      ];
  }
  if (found.length > 0) return found;
  if (!STYLE_VERB.test(lower)) return [];
  const palette = paletteIn(lower);
  if (palette) return [{ do: 'palette', palette }];
  if (/\b(?:colou?rs?|palette|warmer|cooler|colder|softer|bolder|brighter|vivid|calmer|muted|pastel|vibrant|colou?rful)\b/.test(lower))
    return [{ do: 'palette-towards', words: lower }];
  if (
    /\b(?:pictures?|illustrations?|images?|drawings?|art)\b/.test(lower) &&
    /\b(?:different|other|another|new|change|redraw)\b/.test(lower)
  )
    return [{ do: 'pictures' }];
  const pairing = pairingIdIn(lower);
  if (pairing && /\b(?:more|look|feel|style|make it)\b/.test(lower)) return [{ do: 'fonts', pairing }];
  return [];
};

const RULES: readonly Rule[] = [
  ask,
  replaceText,
  itemInstructions,
  pageInstructions,
  setFieldUnlessSection,
  theme,
  reach,
  sectionInstructions,
  look,
];

/** "Change the pricing title to …" names a section's heading, not the site. */
function setFieldUnlessSection(clause: Clause): Instruction[] {
  const headed = /\b(?:change|set|rename|make|update)\b(.*)\b(?:title|heading|headline)\b.*?(?:\bto\b|:)\s+(.+)$/i.exec(clause.text);
  const section = headed && sectionInstructions({ ...clause, text: `heading of ${headed[1]}` }).find((entry) => entry.do === 'set-heading');
  if (section && section.do === 'set-heading' && section.section !== 'hero')
    return [{ ...section, value: valueOf(headed![2]!, clause.quoted) }];
  return setField(clause);
}
