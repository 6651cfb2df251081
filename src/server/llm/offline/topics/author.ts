import type { Topic } from './topic.ts';

export const AUTHOR: Topic = {
  id: 'author',
  noun: 'author',
  words: [
    'author',
    'author website',
    'author site',
    'writer',
    'freelance writer',
    'novel',
    'debut novel',
    'my novel',
    'my book',
    'my books',
    'book launch',
    'novelist',
    'crime writer',
    'fantasy author',
    'children’s author',
    'poet',
    'poetry',
    'poetry collection',
    'memoir',
    'playwright',
    'screenwriter',
    'translator',
    'literary translator',
    'short stories',
    'biographer',
    'ghostwriter',
  ],
  names: ['Ingrid Vale', 'Tomás Arrais', 'Ruth Adeyemi', 'Clara Wintersohn', 'Joan Ferreira'],
  palettes: ['ink', 'burgundy', 'forest', 'navy', 'plum'],
  types: ['bookish', 'classic', 'statement'],
  layouts: ['editorial', 'split', 'centered'],
  backdrops: ['hills', 'coast', 'arch'],
  still: ['books', 'nib', 'cup'],
  sections: ['features', 'story', 'testimonials', 'schedule', 'posts', 'newsletter', 'faq', 'contact'],
  labels: { features: 'Books', story: 'About', schedule: 'Readings', posts: 'Notes', testimonials: 'Reviews', gallery: 'Covers' },
  tagline: 'Novels and stories by {name}.',
  headlines: [
    'Stories that start after the guests have left',
    'Four novels and a drawer of stories',
    'Quiet books with loud rooms in them',
  ],
  intros: [
    '{name} writes novels about people who stay put while the town around them changes. The fourth, “The Salt Register”, is out now.',
    'Novels, stories and the odd essay, written in the mornings{in}. Here are the books, where to hear a chapter, and how to write back.',
  ],
  action: ['See the books', 'features'],
  second: ['Come to a reading', 'schedule'],
  facts: [
    ['New', 'The Salt Register'],
    ['Translated into', 'Nine languages'],
    ['Next reading', 'Thursday week'],
  ],
  features: {
    heading: 'The books',
    text: 'In bookshops and libraries. If yours has none, they will order it in two days.',
    items: [
      [
        'The Salt Register',
        'A harbour clerk keeps two sets of books for thirty years. Then his daughter inherits both. A novel, 312 pages.',
        'papers',
      ],
      ['Winter Ferries', 'Nine stories set on one route, between the first boat and the last.', 'boat'],
      [
        'A House with Its Back to the Sea',
        'Two sisters, one roof, and a lodger who never unpacks. Shortlisted twice, won neither.',
        'house',
      ],
      ['The Understudy', 'The first one. An actor learns another man’s part and then his life.', 'ticket'],
    ],
  },
  story: {
    heading: 'About the author',
    paragraphs: [
      '{name} was a night porter, a proofreader of seed catalogues and for one season a lighthouse guide before the first novel found a publisher. It took eleven letters.',
      'The books begin as lists: what is on a table, who is not in the room, which door sticks. The people come in later and move things about.',
      'Between books there are translations, a workshop in the spring, and a vegetable bed that is mostly slugs.',
    ],
    signature: 'Represented by Halloran & Voss, who know where the keys are',
    motifs: ['nib', 'lighthouse'],
  },
  schedule: {
    heading: 'Readings',
    text: 'Free unless it says otherwise. I stay to sign, and I like questions about commas.',
    days: [
      [
        'This month',
        [
          ['Thu 19:00', 'Bookshop evening', 'A chapter from the new book, then soup'],
          ['Sat 11:00', 'Library, upstairs', 'On writing in the mornings'],
          ['Wed 20:00', 'On the radio', 'Half an hour, live, with the rustling'],
        ],
      ],
      [
        'Next month',
        [
          ['Fri 18:30', 'Festival tent', 'Two novelists disagree politely. Tickets at the door'],
          ['Sun 10:00', 'Spring workshop', 'Twelve places, bring one page'],
        ],
      ],
    ],
  },
  gallery: {
    heading: 'Covers and corners',
    items: [
      ['books', 'All four', 'With the spines the publisher argued about'],
      ['nib', 'First drafts', 'By hand, in pencil, mostly crossed out'],
      ['lighthouse', 'Chapter nine', 'Open to visitors on Sundays'],
      ['boat', 'The early ferry', 'Where “Winter Ferries” began'],
      ['cup', 'The desk', 'Before eight'],
      ['cat', 'The first reader', 'Hard to impress'],
    ],
  },
  menu: {
    heading: 'Signed copies',
    text: 'By post, with your name spelled as you write it.',
    groups: [
      [
        'Novels',
        [
          ['The Salt Register', 'Hardback, 312 pages', '¤22'],
          ['A House with Its Back to the Sea', 'Paperback, 264 pages', '¤13'],
          ['The Understudy', 'Paperback, 240 pages', '¤13'],
        ],
      ],
      [
        'Stories',
        [
          ['Winter Ferries', 'Paperback, 188 pages', '¤12'],
          ['One story, letterpress', 'Two hundred numbered copies', '¤18'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Visits and workshops',
    text: 'Schools and libraries first. Travel is at cost, by train.',
    action: 'Ask for a date',
    plans: [
      ['A reading', '¤250', '', 'An hour, with questions.', ['Any of the four books', 'Signing afterwards', 'Free for public libraries']],
      ['A school day', '¤380', '', 'Two classes, one morning.', ['A story written together', 'From age eleven', 'A reading list to keep']],
      ['A workshop', '¤640', 'a day', 'Up to twelve people.', ['One page each, read closely', 'Notes in writing', 'Lunch is on you']],
    ],
  },
  steps: {
    heading: 'How a book gets written here',
    items: [
      ['A list', 'Things in a room. Forty of them, until two begin to quarrel.'],
      ['A winter', 'The first draft, by hand, five mornings a week.'],
      ['A drawer', 'Three months of not looking. This is the hardest part.'],
      ['A pencil', 'A third of it goes. What is left has usually been the book all along.'],
    ],
  },
  quotes: {
    heading: 'What readers and reviewers say',
    items: [
      ['Nothing happens for forty pages, and I could not put it down.', 'Hester Quill', 'The Evening Review'],
      ['Makes a tide table read like a love letter. I missed my stop twice.', 'Bartosz Maj', 'reader, by post'],
      ['A novelist who trusts you to notice. Notice the keys.', 'Amina Castellane', 'Books on Sunday'],
    ],
  },
  team: {
    heading: 'People to write to',
    items: [
      ['Orla Halloran', 'Agent', 'Rights, film, and anything with a contract.'],
      ['Daniel Voss', 'Translations', 'Knows which language is waiting for what.'],
      ['Sunniva Berg', 'Publicity', 'Readings, interviews, review copies.'],
      ['Marek Dolan', 'Editor', 'The reason the last chapter is short.'],
    ],
  },
  posts: {
    heading: 'Notes',
    text: 'Short, irregular, and never about word counts.',
    items: [
      [
        'What the proofreader found',
        'Four hundred commas, one dead man who orders coffee, and a Tuesday that was twice.',
        '12 May',
        'The desk',
      ],
      ['Books I gave away this winter', 'Six of them, to whom, and which one came back.', '3 March', 'Reading'],
      ['On leaving the radio on', 'A small defence of noise in the next room.', '20 January', 'Mornings'],
    ],
  },
  faq: {
    heading: 'Often asked',
    items: [
      ['Where should I start?', 'With the stories, if you travel. With the new one, if you have a week and a chair.'],
      ['Will you read my manuscript?', 'I wish I could. The spring workshop has twelve places, and I read every page there.'],
      ['Can my book club write to you?', 'Please do. I answer every question on the last Sunday of the month.'],
      ['Is there an audiobook?', 'Of all four. I read two of them myself, badly, and an actor reads the others well.'],
    ],
  },
  letter: [
    'A letter, four times a year',
    'What I am writing, one thing worth reading, and where I read next. Nothing else.',
    'Write to join',
  ],
  contact: [
    'Write to me',
    'Letters from readers are answered by hand and slowly. For rights and readings it is quicker to say so in the subject.',
  ],
  visit: [
    'Where to find me',
    'At the big table in the library most mornings.',
    'The one by the radiator. If the pencil is moving, please wait a minute.',
  ],
  hours: [],
};
