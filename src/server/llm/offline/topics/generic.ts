import type { Topic } from './topic.ts';

/**
 * For everything that has no topic of its own: it names `{subject}`, the person's own words,
 * where a thing, a person and a pastime read equally well.
 */
export const GENERIC: Topic = {
  id: 'generic',
  noun: 'project',
  words: [],
  names: ['Northfield', 'Common Ground', 'Lantern & Co', 'Plainsong', 'Open Field'],
  palettes: ['teal', 'terracotta', 'cobalt', 'olive', 'plum', 'navy', 'marigold'],
  types: ['modern', 'warm', 'lively', 'classic', 'friendly'],
  layouts: ['split', 'editorial', 'centered', 'mosaic'],
  backdrops: ['hills', 'blocks', 'sun', 'leaves'],
  still: ['bulb', 'compass', 'books'],
  sections: ['features', 'story', 'steps', 'testimonials', 'faq', 'contact'],
  labels: { features: 'What we do', steps: 'How it goes' },
  tagline: '{Subject}{in}, done with care.',
  headlines: ['{Subject}, done with care', '{Subject}, plain and simple', '{Subject}, from people who care'],
  intros: [
    '{name} is small, open to anyone curious{in}, and kept by people who would do it anyway. Here is what we do and how to take part.',
    'What began among a few of us{in} now has a name, a timetable and a door that is open. {name} is where we share the work.',
  ],
  action: ['Get in touch', 'contact'],
  second: ['How it goes', 'steps'],
  facts: [
    ['Since', '2016'],
    ['Open to', 'Anyone curious'],
    ['Reply', 'Within two days'],
  ],
  features: {
    heading: 'What you will find',
    text: 'Four things we put our time into, and stand behind.',
    items: [
      ['Knowledge you can use', 'Years of it, written down plainly: what works, what does not, and why we changed our minds.', 'bulb'],
      ['Time for questions', 'Write, and a person who knows answers. Usually within two days.', 'letter'],
      ['Things worth keeping', 'We choose slowly and keep what lasts. Nothing here is filler.', 'compass'],
      ['Company', 'Meetings now and then, open to anyone who is curious.', 'handshake'],
    ],
  },
  story: {
    heading: 'How it began',
    paragraphs: [
      'It began with a conversation that went on too long for a weeknight. We kept having it, then other people joined, and at some point it needed a name.',
      '{name} is still small enough that everyone knows who did what. We like it that way: decisions are quick, and nobody hides behind a form letter.',
      'If you have read this far, you probably care about it too. Write to us.',
    ],
    signature: 'The people of {name}',
    motifs: ['books', 'globe'],
  },
  gallery: {
    heading: 'A look around',
    items: [
      ['bulb', 'Where ideas start', 'Mostly at the kitchen table'],
      ['books', 'What we read', 'The shelf grows'],
      ['compass', 'Out and about', 'Last autumn'],
      ['letter', 'Post from readers', 'Answered by hand'],
      ['globe', 'Further away', 'Friends abroad'],
      ['sun', 'The good days', 'There are many'],
    ],
  },
  pricing: {
    heading: 'Ways to take part',
    text: 'Choose what fits. You can change it at any time.',
    action: 'Choose this',
    plans: [
      ['Look around', '¤0', '', 'For the curious.', ['Everything on this site', 'The monthly letter', 'Open meetings']],
      ['Join in', '¤9', 'a month', 'For regulars.', ['Everything before', 'Questions answered first', 'A place at every meeting']],
      [
        'Support',
        '¤29',
        'a month',
        'For those who want it to last.',
        ['Everything before', 'Your name in the yearbook', 'A long lunch in June'],
      ],
    ],
  },
  steps: {
    heading: 'How it goes',
    items: [
      ['Say hello', 'Write two lines about what brings you here.'],
      ['We talk', 'Twenty minutes, by phone or over coffee.'],
      ['We begin', 'A small first step, so that both sides know what to expect.'],
      ['It grows', 'We look back after a month and decide what comes next.'],
    ],
  },
  quotes: {
    heading: 'What people say',
    items: [
      ['I came with one question and left with a better one.', 'Clara Benning', 'visitor'],
      ['Friendly, exact, and on time. I did not expect all three.', 'Samuel Osei', 'long-time reader'],
      ['They said no to something I wanted, explained why, and were right.', 'Ruth Halvorsen', 'client'],
    ],
  },
  faq: {
    heading: 'Good to know',
    items: [
      ['Who is this for?', 'For anyone interested, from first steps to many years in.'],
      ['How do I take part?', 'Write to us. We answer within two days and suggest what to do first.'],
      ['What does it cost?', 'A first conversation costs nothing. After that we name a price before anything starts.'],
      ['Where are you?', 'We are{in| mostly online}, and glad to meet people when they come by.'],
    ],
  },
  letter: ['A letter now and then', 'Once a month, what is new and what is coming. Short, and never a sales pitch.', 'Write to join'],
  contact: ['Write to us', 'A person reads every message and answers within two days.'],
  visit: ['Where to find us', 'Come by during the hours below, or write first and we will make time.', 'Ring the bell by the green door.'],
  hours: [
    ['Tuesday to Friday', '10:00–18:00'],
    ['Saturday', '10:00–14:00'],
  ],
};
