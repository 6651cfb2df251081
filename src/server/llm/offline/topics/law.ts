import type { Topic } from './topic.ts';

export const LAW: Topic = {
  id: 'law',
  noun: 'law firm',
  words: [
    'law',
    'lawyer',
    'attorney',
    'solicitor',
    'barrister',
    'notary',
    'legal',
    'advocate',
    'mediator',
    'mediation',
    'litigation',
    'paralegal',
    'law firm',
    'law office',
    'law practice',
    'legal practice',
    'legal services',
    'legal advice',
    'attorney at law',
    'family law',
    'family lawyer',
    'divorce lawyer',
    'immigration lawyer',
    'employment law',
    'employment lawyer',
    'criminal defence',
    'criminal defense',
    'tenancy law',
    'chambers',
  ],
  names: ['Amado & Whitlock', 'Sorensen Law', 'Castelo Partners', 'Oyelaran & Reed', 'Quill Street Law'],
  palettes: ['navy', 'burgundy', 'forest', 'graphite', 'espresso'],
  types: ['classic', 'bookish', 'warm'],
  layouts: ['editorial', 'split', 'centered'],
  backdrops: ['arch', 'town', 'blocks'],
  still: ['scales', 'column', 'books'],
  sections: ['features', 'steps', 'team', 'story', 'menu', 'testimonials', 'faq', 'visit', 'contact'],
  labels: { features: 'Practice areas', steps: 'First meeting', team: 'Lawyers', menu: 'Fees', visit: 'Office', story: 'The firm' },
  tagline: 'Lawyers for families, work, homes and small companies{in}.',
  headlines: ['Clear advice, in words you can use', 'You explain once. We take it from there', 'Law, read carefully'],
  intros: [
    '{name} advises people and small companies{in} on family, work, housing and contracts. You leave the first meeting knowing where you stand and what it will cost.',
    'Five lawyers, one office, and letters you can understand without a lawyer. {name} has practised{in} since 1998.',
  ],
  action: ['Book a first meeting', 'contact'],
  second: ['What it costs', 'menu'],
  facts: [
    ['First meeting', '40 minutes'],
    ['Call back', 'Same working day'],
    ['Settled out of court', '7 of 10'],
  ],
  features: {
    heading: 'What we can help with',
    text: 'If your matter is not on the list, call anyway. We know who does it well.',
    items: [
      [
        'Family',
        'Separation, custody, maintenance and prenuptial contracts. We look for an agreement first and a courtroom last.',
        'heart',
      ],
      ['Work', 'Dismissals, references, overtime, contracts. Deadlines are short here, sometimes three weeks: call early.', 'handshake'],
      ['Homes and tenancy', 'Leases, deposits, defects, purchases. We read the contract before you sign, usually within two days.', 'key'],
      ['Inheritance', 'Wills, probate and families who no longer speak. Calmly, and with a complete list.', 'papers'],
      ['Small companies', 'Founding, partners’ agreements, terms of sale, unpaid invoices. Fixed prices for most of it.', 'scales'],
      [
        'Residence and citizenship',
        'Permits, family reunification, naturalisation. In six languages, from the form to the appeal.',
        'globe',
      ],
    ],
  },
  story: {
    heading: 'A firm with its door on the street',
    paragraphs: [
      'Helena Amado opened the office in 1998 in a former chemist’s, because people were used to walking in there with a problem. The drawers are still labelled; the second from the left holds wills.',
      'We are five lawyers now. Each matter has one of them, who knows it whole, and a second who reads everything that leaves the house.',
      'About three in ten matters end in court. The others end with a letter, a conversation or, now and then, with our advice to let it go.',
    ],
    signature: 'The lawyers of {name}',
    motifs: ['column', 'papers'],
  },
  gallery: {
    heading: 'Around the office',
    items: [
      ['column', 'The court', 'Six minutes on foot, and we leave early'],
      ['books', 'The library', 'Mostly for the footnotes'],
      ['papers', 'Files', 'One matter, one colour, one lawyer'],
      ['chair', 'The meeting room', 'A round table, on purpose'],
      ['mug', 'Coffee first', 'Nobody explains a divorce standing up'],
      ['key', 'The chemist’s drawers', 'Second from the left: wills'],
    ],
  },
  menu: {
    heading: 'What it costs',
    text: 'Agreed in writing before we begin. Where your insurance or legal aid pays, we file the request for you.',
    groups: [
      [
        'Fixed prices',
        [
          ['First meeting', '40 minutes and a written summary', '¤95'],
          ['Lease or work contract', 'Read, with comments in the margin', '¤180'],
          ['Will', 'Drafted, explained, kept safe', '¤340'],
          ['Founding a company', 'Two partners, all filings', '¤1,150'],
        ],
      ],
      [
        'By time',
        [
          ['Advice and letters', 'Counted in units of six minutes', '¤190 / h'],
          ['Negotiation', 'With a ceiling you set', '¤190 / h'],
          ['Mediation', 'For both sides together', '¤160 / h'],
          ['Court', 'By the statutory scale, calculated beforehand', 'on request'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'For companies',
    text: 'A lawyer to call before it becomes a matter. Monthly, with one month’s notice.',
    action: 'Ask about this',
    plans: [
      ['Call', '¤90', 'a month', 'For sole traders.', ['30 minutes by phone', 'Call back the same day', 'Unused time carries over once']],
      [
        'Desk',
        '¤320',
        'a month',
        'For up to twenty people.',
        ['Two hours of advice', 'Four contracts read a year', 'Reminders sent for unpaid invoices'],
      ],
      [
        'House',
        '¤780',
        'a month',
        'For up to a hundred people.',
        ['Five hours of advice', 'A named lawyer and a deputy', 'Half a day of training a year'],
      ],
    ],
  },
  steps: {
    heading: 'The first meeting',
    items: [
      ['You call', 'Tell us in a few sentences what it is about. We check that we do not act for the other side.'],
      ['You bring papers', 'All of them, in any order. Envelopes too: the postmark may matter.'],
      ['We explain', 'Forty minutes: where you stand, what can be done, what each way costs and how long it takes.'],
      ['You decide', 'You get it in writing, on one page. Nothing starts until you say so.'],
    ],
  },
  schedule: {
    heading: 'Open hours and talks',
    text: 'Free, without an appointment, first come first served.',
    days: [
      [
        'Every week',
        [
          ['Tue 17:00', 'Tenants’ hour', 'Ten minutes each; bring your lease'],
          ['Thu 8:00', 'Work, before work', 'Notices, references, questions'],
        ],
      ],
      [
        'Once a month',
        [
          ['First Wed', 'Writing a will', 'A talk of 45 minutes, with templates'],
          ['Last Sat', 'Residence permits', 'With interpreters for Arabic, Ukrainian and Portuguese'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From clients',
    items: [
      [
        'After forty minutes I had one page with three options and a price next to each. I slept that night.',
        'Miriam Katz',
        'employment matter',
      ],
      ['We came in not speaking and left with a plan for the children that has held for five years.', 'Jorge and Anneli', 'mediation'],
      ['They read our supplier contract and crossed out one word. It would have cost us the shop.', 'Palesa Dlamini', 'bookseller'],
    ],
  },
  team: {
    heading: 'The lawyers',
    items: [
      ['Helena Amado', 'Family and inheritance', 'Founded the firm. Mediator since 2006.'],
      ['Marcus Whitlock', 'Employment', 'Formerly a works council. Knows both sides of the table.'],
      ['Farah Siddiqui', 'Housing and contracts', 'Reads leases for pleasure, or says so.'],
      ['Oleksandr Bondar', 'Residence and citizenship', 'Works in Ukrainian, German, English and Polish.'],
    ],
  },
  posts: {
    heading: 'Plainly put',
    items: [
      [
        'You got a notice. What to do this week',
        'Sign only for receipt, note the date, call before day seven. The rest can wait.',
        '13 May',
        'Work',
      ],
      [
        'Getting the deposit back',
        'Four letters in order, with wording you may copy. Most people need only the first.',
        '26 March',
        'Housing',
      ],
      [
        'A will on one page',
        'When handwriting is enough, what must be in it, and where it should not be kept.',
        '4 February',
        'Inheritance',
      ],
    ],
  },
  faq: {
    heading: 'Asked before the first meeting',
    items: [
      ['Do I need a lawyer at all?', 'Sometimes not, and we will say so. The first meeting is meant to find that out.'],
      ['What should I bring?', 'Every paper you have, a list of dates, and the one question you most want answered.'],
      ['Is what I tell you confidential?', 'Yes, from the first call, also if you decide not to work with us.'],
      ['What if I cannot afford it?', 'Ask about legal aid and insurance; we check both for you at no cost. We also agree on instalments.'],
      [
        'How long will it take?',
        'A letter takes days, an agreement weeks, a court case seldom less than eight months. You get an estimate for yours.',
      ],
    ],
  },
  letter: [
    'Plainly put, by email',
    'Six times a year: one law that changed, what it means for you, and a letter you may copy.',
    'Write to join',
  ],
  contact: [
    'Book a first meeting',
    'Write or call, with two sentences about the matter and any deadline. Please send no documents until we have spoken.',
  ],
  visit: [
    'The office',
    'On the ground floor, with no steps. If you cannot come to us, we come to you or meet by video.',
    'In the former chemist’s, six minutes from the court. The tram stops opposite.',
  ],
  hours: [
    ['Monday to Thursday', '9:00–18:00'],
    ['Friday', '9:00–15:00'],
    ['Urgent matters', 'By phone until 21:00'],
  ],
};
