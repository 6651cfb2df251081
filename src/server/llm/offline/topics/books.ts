import type { Topic } from './topic.ts';

export const BOOKS: Topic = {
  id: 'books',
  noun: 'bookshop',
  words: [
    'books',
    'for books',
    'selling books',
    'bookshop',
    'bookstore',
    'bookseller',
    'book shop',
    'book store',
    'independent bookshop',
    'independent bookstore',
    'second-hand books',
    'used books',
    'rare books',
    'antiquarian',
    'book club',
    'reading group',
    'publisher',
    'publishing house',
    'small press',
    'public library',
    'literary',
    'literature',
    'picture books',
    'picture book',
    'paperback',
  ],
  names: ['Marginalia', 'The Second Shelf', 'Paper Lantern Books', 'Dog-Eared', 'Casa das Páginas'],
  palettes: ['burgundy', 'navy', 'ink', 'plum', 'graphite'],
  types: ['bookish', 'classic', 'statement'],
  layouts: ['editorial', 'centered', 'split'],
  backdrops: ['town', 'arch', 'blocks'],
  still: ['books', 'nib', 'cup'],
  sections: ['story', 'features', 'posts', 'schedule', 'testimonials', 'newsletter', 'faq', 'visit', 'contact'],
  labels: { features: 'Books', schedule: 'Readings', posts: 'Notes' },
  tagline: 'Books, readings and a small press{in}.',
  headlines: ['Books worth missing a stop for', 'Read something slowly', 'One more chapter, then supper'],
  intros: [
    'Four thousand books, two armchairs, and a press in the back room that prints three titles a year. {name} is open{in} six days a week.',
    'We read before we recommend. {name} is a small room{in} for people who read, with a writer at the till most afternoons.',
  ],
  action: ['See the books', 'features'],
  second: ['Coming readings', 'schedule'],
  facts: [
    ['On the shelves', '4,000 titles'],
    ['Our own press', 'Three books a year'],
    ['Orders', 'Here in two days'],
  ],
  features: {
    heading: 'On the front table',
    text: 'Read by at least one of us, and argued over by the others.',
    items: [
      [
        'The Salt Ledger',
        'Nadia Farouk. A port clerk keeps two sets of books for thirty years; his daughter inherits both. Our own edition, ¤16.',
        'nib',
      ],
      ['Winter Ferries', 'Eirik Solheim. Nine stories set on one route, between the first boat and the last. ¤14.', 'boat'],
      [
        'A Kitchen in Two Languages',
        'Mei-Ling Costa. Recipes and the arguments that came with them. The chapter on rice is the one to start with. ¤22.',
        'bowl',
      ],
      ['Small Weather', 'Poems by Tadhg Keane. Sixty pages, none longer than a shower. Hand-sewn, 300 copies, ¤12.', 'papers'],
      ['The Lighthouse Cat', 'For ages four to seven, and whoever reads it aloud. Drawn by Sunniva Rao. ¤11.', 'lighthouse'],
      ['A blind date', 'Wrapped in brown paper, with three words on the front. The price is on the back: ¤8.', 'letter'],
    ],
  },
  story: {
    heading: 'A shop with a desk in it',
    paragraphs: [
      'Nadia wrote her first novel at the counter of this shop, when it belonged to someone else and she worked there on Saturdays. When the owner retired he offered her the keys, the till and a ladder that still squeaks.',
      'She kept the desk by the window. Anyone may sit there for an afternoon; so far it has produced two novels, a doctoral thesis and a great many letters.',
      'The press came later. We print what we could not find elsewhere, three books a year, and sew the poetry by hand at the long table on Mondays.',
    ],
    signature: 'Nadia Farouk, bookseller and writer',
    motifs: ['books', 'cup'],
  },
  gallery: {
    heading: 'Between the shelves',
    items: [
      ['books', 'The front table', 'Changes on Wednesdays'],
      ['nib', 'The writing desk', 'Free, no laptop after four'],
      ['chair', 'Two armchairs', 'One is better; you will know'],
      ['papers', 'Sewing day', 'Eight sheets, one needle'],
      ['cup', 'Tea, honesty box', 'The tin says fifty; give what you like'],
      ['cat', 'Bartleby', 'Would prefer not to be lifted'],
    ],
  },
  menu: {
    heading: 'What we charge',
    text: 'New books are sold at the publisher’s price. Second-hand prices are pencilled inside the cover.',
    groups: [
      [
        'From our press',
        [
          ['The Salt Ledger', 'Novel, 288 pages', '¤16'],
          ['Small Weather', 'Poems, hand-sewn', '¤12'],
          ['Notes from the Till', 'Essays on selling books', '¤13'],
        ],
      ],
      [
        'In the shop',
        [
          ['Blind date', 'A wrapped paperback', '¤8'],
          ['Second-hand paperback', 'Three for ¤10', '¤4'],
          ['Reading evening', 'With a glass of something', '¤6'],
          ['Book mending', 'Loose pages, torn covers', 'from ¤15'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'A book by post',
    text: 'Tell us three books you loved and one you did not finish. We choose the rest.',
    action: 'Begin with this',
    plans: [
      [
        'Season',
        '¤54',
        'every three months',
        'A book a month, paperback.',
        ['Three books, posted one by one', 'A note on why', 'Swap what you have read'],
      ],
      [
        'Year',
        '¤198',
        'for twelve books',
        'The one people give as a present.',
        ['A book a month', 'One of our own titles, signed', 'A card with your message in the first parcel'],
      ],
      [
        'Two readers',
        '¤330',
        'for a year',
        'The same book twice, for friends in different places.',
        ['Two addresses', 'Twelve books each', 'A question to argue about in every parcel'],
      ],
    ],
  },
  steps: {
    heading: 'Finding the next book',
    items: [
      ['Tell us one you loved', 'Title, author, or only the colour of the cover. We have worked with less.'],
      ['Take two home', 'You pay for one. Bring the other back within ten days, or keep it.'],
      ['Come and argue', 'If it was wrong, we want to know why. The next one will be closer.'],
    ],
  },
  schedule: {
    heading: 'Readings and groups',
    text: 'Thirty chairs. Tickets are ¤6, free for students, and include a drink.',
    days: [
      [
        'This month',
        [
          ['Wed 19:30', 'Nadia Farouk reads', 'From the new novel, with the parts that were cut'],
          ['Sat 11:00', 'Stories on the carpet', 'For ages three to six, half an hour'],
          ['Thu 20:00', 'The slow reading group', 'One long novel, forty pages a week'],
        ],
      ],
      [
        'Next month',
        [
          ['Tue 19:30', 'Poems in two languages', 'Tadhg Keane and Ana Lúcia Prado'],
          ['Sun 15:00', 'Book-sewing afternoon', 'Take home a notebook; ¤18 with paper'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'In the margins',
    items: [
      [
        'I described a book by its smell and the year I read it. They found it in two days, in the same edition.',
        'Olga Petrenko',
        'reader',
      ],
      [
        'A quiet novel that knows exactly what everything costs. I finished it on the platform and let the train go.',
        'Martin Achebe',
        'on The Salt Ledger',
      ],
      ['I come for the reading group and leave with something nobody mentioned. It happens every Thursday.', 'Lotte Brandt', 'slow reader'],
    ],
  },
  team: {
    heading: 'Who reads what',
    items: [
      ['Nadia Farouk', 'Novels', 'Writes in the mornings, sells in the afternoons.'],
      ['Tadhg Keane', 'Poetry and the press', 'Sews, sets type, hums.'],
      ['Ines Rocha', 'Children’s books', 'Does all the voices.'],
      ['Daniel Mbeki', 'Second-hand', 'Will tell you what your boxes are worth, kindly.'],
    ],
  },
  posts: {
    heading: 'Notes from the till',
    text: 'On reading, writing and selling books, when there is something to say.',
    items: [
      ['On not finishing', 'A list of the books we abandoned this year, and which of us was wrong.', '8 November', 'Reading'],
      ['How a small press counts', 'Paper, thread, postage, author: where the sixteen of a ¤16 novel go.', '30 September', 'The press'],
      ['The draft in the drawer', 'Eleven versions of one first page, and why the third was right all along.', '17 June', 'Writing'],
    ],
  },
  faq: {
    heading: 'Asked at the counter',
    items: [
      ['Can you order a book for me?', 'Yes. Most books in print are here in two working days; from abroad, about two weeks.'],
      [
        'Do you buy second-hand books?',
        'On Tuesdays, up to two bags. We pay a third of what we will ask, or half if you take it in books.',
      ],
      [
        'May I send you a manuscript?',
        'Between January and March: the first thirty pages and a page about the rest. Nadia reads everything and answers by June.',
      ],
      ['Are signed copies available?', 'Of our own titles, always. Tell us the name to write and we will post it within three days.'],
      ['Can our reading group meet here?', 'On Mondays and Thursdays after seven, for nothing, if you buy the book from us.'],
    ],
  },
  letter: [
    'One letter, three books',
    'On the last Sunday of the month: what we read, what is new from the press, and the next readings.',
    'Write to join',
  ],
  contact: ['Write to us', 'For an order, a reading, signed copies, or the book you can only half remember.'],
  visit: [
    'Come in, sit down',
    'The good armchair is at the back on the left. Nobody will ask whether you need help; we will notice.',
    'Opposite the church clock, three steps down. A ramp is behind the door: ring and we bring it.',
  ],
  hours: [
    ['Monday', '13:00–18:00'],
    ['Tuesday to Friday', '10:00–19:00'],
    ['Saturday', '10:00–18:00'],
  ],
};
