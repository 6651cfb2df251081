import type { Topic } from './topic.ts';

export const PHOTOGRAPHER: Topic = {
  id: 'photographer',
  noun: 'photographer',
  words: [
    'photographer',
    'photography',
    'photo studio',
    'photography studio',
    'photography portfolio',
    'photographer portfolio',
    'photo portfolio',
    'photoshoot',
    'photo shoot',
    'photojournalist',
    'portrait photographer',
    'wedding photographer',
    'family photographer',
    'food photographer',
    'product photographer',
    'landscape photographer',
    'street photographer',
    'headshot',
    'portrait',
    'videographer',
    'my portfolio',
    'personal portfolio',
  ],
  names: ['Leonor Vaz', 'Ida Lindholm', 'Studio Okafor', 'North Window', 'Mateus Prado'],
  palettes: ['graphite', 'sea', 'olive', 'burgundy', 'marigold'],
  types: ['classic', 'modern', 'bookish', 'technical'],
  layouts: ['mosaic', 'editorial', 'poster'],
  backdrops: ['coast', 'hills', 'arch'],
  still: ['frames', 'camera', 'mountains'],
  sections: ['gallery', 'story', 'features', 'pricing', 'testimonials', 'faq', 'contact'],
  labels: { gallery: 'Pictures', features: 'Commissions', pricing: 'Rates', story: 'About', schedule: 'Dates' },
  tagline: 'Portraits, places and people at work, photographed{in} in daylight.',
  headlines: ['Pictures you will still like in ten years', 'Daylight, patience and one lens', 'People as their friends know them'],
  intros: [
    '{name} photographs people, the rooms they live in and the things they make{in}. Mostly by a window, mostly in under two hours.',
    'Portraits, families and small businesses, photographed{in} without poses or props. Forty finished pictures, two weeks later.',
  ],
  action: ['See the pictures', 'gallery'],
  second: ['Rates', 'pricing'],
  facts: [
    ['Light', 'Daylight, mostly'],
    ['Delivery', '14 days'],
    ['Since', '2013'],
  ],
  features: {
    heading: 'What I am asked to photograph',
    text: 'About ninety commissions a year. Half are people, half are places and things.',
    items: [
      ['Portraits', 'One person, ninety minutes, two places. Bring a second shirt and something you would normally be doing.', 'camera'],
      ['Weddings', 'Twelve a year, no more. I arrive before breakfast and leave after the second dance.', 'rings'],
      ['Families', 'At home on a Sunday morning, with the breakfast still on the table. Dogs and grandparents included.', 'house'],
      ['Workshops and shops', 'A day with the people who make the thing: hands, tools, the finished shelf.', 'hammer'],
      ['Food and tables', 'For menus and cookbooks. The food is real, hot and eaten afterwards.', 'plate'],
      ['Prints', 'Pigment prints on cotton paper from 20 × 30 cm, signed on the back and framed if you like.', 'frames'],
    ],
  },
  story: {
    heading: 'A window and a borrowed camera',
    paragraphs: [
      'My first portrait was of my aunt shelling peas, on a camera borrowed from the school. She moved, the picture blurred, and it is still the one everybody asks about.',
      'After nine years of newspapers, where you get four minutes with a person, I wanted the other two hours back. So now I take time: we have coffee, I put the camera on the table, and at some point I start using it.',
      'I work with one camera, two lenses and whatever light the room has. I retouch what will be gone next week and leave what will not.',
    ],
    signature: 'Made{in| wherever the light is}, by {name}',
    motifs: ['camera', 'sun'],
  },
  gallery: {
    heading: 'Selected pictures',
    text: 'From the last three years. There are more on the table if you visit.',
    items: [
      ['boat', 'Before the harbour wakes', 'From a series on night fishing'],
      ['bouquet', 'Amara and Luís', 'A wedding in a village hall'],
      ['vases', 'Six hundred bowls', 'A week with a potter'],
      ['mountains', 'The pass in April', 'Four days on foot'],
      ['chair', 'Mr Haddad’s barber chair', 'Fifty-one years in one shop'],
      ['dog', 'Everyone, looking the same way', 'A family portrait, on the 63rd try'],
    ],
  },
  menu: {
    heading: 'Price list',
    text: 'Tax included. Travel is free within an hour.',
    groups: [
      [
        'Sessions',
        [
          ['Portrait', '90 minutes, 25 pictures', '¤280'],
          ['Headshot', '30 minutes, 3 pictures', '¤120'],
          ['Family at home', 'Two hours, 40 pictures', '¤340'],
          ['Half day', 'For businesses, 60 pictures', '¤620'],
        ],
      ],
      [
        'Prints',
        [
          ['20 × 30 cm', 'Cotton paper, signed', '¤45'],
          ['40 × 60 cm', 'Cotton paper, signed', '¤110'],
          ['Frame', 'Oak or black, museum glass', '¤90'],
          ['Book', '48 pages, cloth, your pictures', '¤180'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Rates',
    text: 'Each includes a call beforehand, the editing, and files you may print as often as you like.',
    action: 'Ask for a date',
    plans: [
      [
        'Portrait',
        '¤280',
        'per session',
        'One person or two, one afternoon.',
        ['90 minutes, two places', '25 edited pictures', 'Online album for a year'],
      ],
      [
        'A day’s work',
        '¤980',
        'per day',
        'For makers, shops and magazines.',
        ['Up to eight hours', '120 edited pictures', 'Licence for web and print', 'First ten pictures next morning'],
      ],
      [
        'Wedding',
        '¤1,900',
        'per wedding',
        'From getting dressed to the dance.',
        ['Ten hours', 'At least 500 pictures', 'A cloth-bound book', 'A walk around the place beforehand'],
      ],
    ],
  },
  steps: {
    heading: 'How a session goes',
    items: [
      ['A call', 'Fifteen minutes about who, where and why. I suggest two or three dates.'],
      ['The place', 'Your home, your workshop or a walk. I look for the window; you bring a second shirt.'],
      ['The pictures', 'We talk for half an hour before anything counts. Nobody has to say cheese.'],
      ['The album', 'After two weeks you get a link. Choose what to print; keep everything.'],
    ],
  },
  schedule: {
    heading: 'Dates',
    text: 'Workshops are for six people; any camera will do, phones too.',
    days: [
      [
        'This season',
        [
          ['First Sat', 'Window light', 'A morning workshop, four hours, ¤85'],
          ['Third Thu', 'Open studio', 'Prints on the table, wine by the sink'],
        ],
      ],
      [
        'Next season',
        [
          ['First Sat', 'Photographing hands', 'A workshop in a bakery, from five in the morning'],
          ['Last Fri', 'Night Boats', 'Opening of an exhibition with 24 prints'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From people in the pictures',
    items: [
      [
        'I hate being photographed. We talked about tomatoes for an hour and then it turned out we had finished.',
        'Nadia Rahimi',
        'portrait for a book jacket',
      ],
      [
        'My grandmother asked who the young woman in the picture was. It was her, laughing. She has it by the bed.',
        'Tiago Moura',
        'family session',
      ],
      ['A whole day in a noisy workshop, and the team forgot there was a camera by ten o’clock.', 'Greta Sandberg', 'joiner'],
    ],
  },
  team: {
    heading: 'Who helps',
    text: 'Some days take more than two hands.',
    items: [
      ['Yusuf Demir', 'Second camera', 'At weddings, always on the other side of the room.'],
      ['Clara Nunes', 'Prints', 'Runs the printer and says no to bad paper.'],
      ['Hana Mori', 'Books', 'Designs and sews the albums.'],
      ['Owen Price', 'Assistant', 'Holds the reflector, knows every joke.'],
    ],
  },
  posts: {
    heading: 'Notes',
    items: [
      [
        'What to wear for a portrait',
        'The shirt you reach for on a good day. Why new clothes look new in pictures, and other small advice.',
        '9 May',
        'Advice',
      ],
      [
        'Forty nights with the fishing boats',
        'How a single commission turned into a series, and what salt does to a lens.',
        '2 March',
        'Work',
      ],
      [
        'In praise of the north window',
        'It never gets sun and it never lets you down. A short guide to the light at home.',
        '18 January',
        'Light',
      ],
    ],
  },
  faq: {
    heading: 'Before you ask',
    items: [
      [
        'I am awkward in front of a camera. Is that a problem?',
        'No, nearly everyone is. The first half hour does not count, and I say so when it starts to.',
      ],
      [
        'When do we get the pictures?',
        'Two weeks for portraits and families, six for weddings. A handful come the next morning so that you can sleep.',
      ],
      ['May we print and share them?', 'Yes, as much as you like. For advertising we agree on a licence, usually in one line of an email.'],
      ['What if it rains?', 'Then we use the rain, or we move the date once at no cost. You decide by six the evening before.'],
      ['Do you travel?', 'Gladly. Within an hour it is included; further away you pay the train and, if it gets late, a bed.'],
    ],
  },
  letter: ['Four letters a year', 'New pictures, open dates and one print at half price, each season.', 'Write to join'],
  contact: ['Ask for a date', 'Tell me who or what it is about, roughly when, and where. I answer within a day.'],
  visit: [
    'The studio',
    'Prints to look at, a large table and one very good window. Please write before you come.',
    'Second floor, the bell without a name. The stairs are narrow; the light at the top is worth it.',
  ],
  hours: [
    ['Tuesday to Friday', '10:00–17:00'],
    ['Saturday', 'Sessions only'],
  ],
};
