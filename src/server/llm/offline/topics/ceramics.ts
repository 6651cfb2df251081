import type { Topic } from './topic.ts';

export const CERAMICS: Topic = {
  id: 'ceramics',
  noun: 'pottery studio',
  words: [
    'ceramics',
    'ceramic',
    'ceramicist',
    'ceramist',
    'pottery',
    'potteries',
    'potter',
    'stoneware',
    'porcelain',
    'clay',
    'kiln',
    'tableware',
    'handmade ceramics',
    'handmade pottery',
    'ceramics studio',
    'ceramic studio',
    'ceramics shop',
    'pottery studio',
    'pottery shop',
    'pottery class',
    'pottery workshop',
    'clay studio',
    'handmade mug',
    'handmade bowl',
    'vase',
  ],
  names: ['Low Shelf Pottery', 'Ash & Slip', 'Thumbprint Studio', 'Barro Claro', 'Cone Six'],
  palettes: ['olive', 'terracotta', 'sea', 'graphite', 'espresso'],
  types: ['classic', 'warm', 'bookish'],
  layouts: ['editorial', 'mosaic', 'split'],
  backdrops: ['arch', 'sun', 'tiles'],
  still: ['vases', 'mug', 'bowl'],
  sections: ['gallery', 'story', 'features', 'steps', 'schedule', 'testimonials', 'faq', 'visit', 'contact'],
  labels: { features: 'On the shelf', steps: 'How it is made', schedule: 'Classes', gallery: 'Pieces' },
  tagline: 'Stoneware for the table, thrown and glazed{in}.',
  headlines: ['Pots for Tuesday dinner', 'Made by hand, meant for use', 'Bowls that fit two hands'],
  intros: [
    'Mugs, bowls and plates thrown one at a time{in}, fired twice, and sold from the shelf they dried on.',
    '{name} makes stoneware for daily use: heavy enough to stay warm, plain enough for any food, and safe in the dishwasher.',
  ],
  action: ['See the pieces', 'gallery'],
  second: ['Join a class', 'schedule'],
  facts: [
    ['Clay', 'Stoneware, iron-flecked'],
    ['Fired to', '1240 °C'],
    ['Next kiln', 'Third week of the month'],
  ],
  features: {
    heading: 'Always on the shelf',
    text: 'The forms we have made for years. Glazes vary a little from kiln to kiln, and so do the sizes.',
    items: [
      ['Morning mug', 'Holds 280 ml, with a handle for three fingers. In ash white, rust or a dark green. ¤28.', 'mug'],
      ['Soup bowl', 'Sixteen centimetres wide, with a foot you can hold when it is hot. ¤34.', 'bowl'],
      ['Dinner plate', 'Twenty-six centimetres, a low rim, unglazed underneath. Stacks eight high without rocking. ¤42.', 'plate'],
      ['Bud vase', 'For three stems and no more. Every one is a different height, so they look well in a row. ¤24.', 'vases'],
      ['Lidded pot', 'Two litres, for beans and stews. Goes into a cold oven and heats up with it. ¤110.', 'pot'],
      ['Coffee dripper', 'Sits on any mug and takes a standard paper filter. The holes are drilled, not pressed. ¤38.', 'dripper'],
    ],
  },
  story: {
    heading: 'A wheel in the laundry room',
    paragraphs: [
      'Yuki bought her first wheel from a school that was closing and set it up between the washing machine and the wall. For two winters everything in the house had clay on it.',
      'The studio now has four wheels, one kiln and a drying rack her brother built from an old staircase. The glazes are mixed here from wood ash, feldspar and local iron, and each recipe is written on the bucket.',
      'About one pot in nine does not survive. The cracked ones become drainage in the garden; the merely crooked ones go on the seconds shelf at half price, and they tend to leave first.',
    ],
    signature: 'Yuki Tanabe, potter',
    motifs: ['vases', 'bowl'],
  },
  gallery: {
    heading: 'From the last kiln',
    text: 'Sixty-one pieces came out whole. These are some we would keep if we could.',
    items: [
      ['vases', 'Three tall vases', 'Ash glaze over iron slip'],
      ['mug', 'Morning mug, rust', 'Two hundred made so far'],
      ['bowl', 'Serving bowl', 'Thrown from three kilos of clay'],
      ['plate', 'Set of six plates', 'Made for a kitchen with open shelves'],
      ['cup', 'Small cups', 'No handle, for green tea'],
      ['pot', 'Bean pot', 'With a lid that fits, at the fourth try'],
    ],
  },
  menu: {
    heading: 'Price list',
    text: 'Everything is in the studio. What is not on the shelf takes about six weeks.',
    groups: [
      [
        'For the table',
        [
          ['Morning mug', '280 ml', '¤28'],
          ['Small cup', '120 ml, no handle', '¤18'],
          ['Soup bowl', '16 cm', '¤34'],
          ['Dinner plate', '26 cm', '¤42'],
        ],
      ],
      [
        'For the house',
        [
          ['Bud vase', '9 to 14 cm tall', '¤24'],
          ['Tall vase', '28 to 34 cm', '¤85'],
          ['Lidded pot', '2 litres, oven-proof', '¤110'],
          ['Plant pot and saucer', '15 cm across', '¤48'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Learn on the wheel',
    text: 'Clay, glaze and both firings are in the price. Aprons hang by the door.',
    action: 'Ask for a place',
    plans: [
      [
        'One evening',
        '¤55',
        'per person',
        'To find out whether you like it.',
        ['Two and a half hours', 'Two finished pieces', 'Ready to collect in four weeks'],
      ],
      [
        'Six weeks',
        '¤240',
        'per course',
        'To learn to centre, and then to throw a cylinder.',
        ['The same evening each week', 'Six people, four wheels, two tables', 'About eight finished pieces'],
      ],
      [
        'Shelf space',
        '¤95',
        'a month',
        'For those who can throw on their own.',
        ['A key and a shelf', 'Open hours on four days', 'Ten kilos of clay, firing by weight'],
      ],
    ],
  },
  steps: {
    heading: 'Five weeks from lump to mug',
    items: [
      ['Throw', 'A mug takes four minutes on the wheel and 380 grams of clay.'],
      ['Trim and dry', 'Handles go on the next day. Then ten days under cloth, because clay that dries fast will crack.'],
      ['First firing', 'Up to 1000 °C, overnight. The clay turns pink and drinks water.'],
      ['Glaze and fire again', 'Dipped by hand, fired to 1240 °C, then a day and a half of waiting before the door may open.'],
    ],
  },
  schedule: {
    heading: 'Classes and open days',
    text: 'Six places in each class. No experience needed unless it says so.',
    days: [
      [
        'Every week',
        [
          ['Tue 18:30', 'First time at the wheel', 'One evening, two pots, wet sleeves'],
          ['Thu 18:30', 'Six-week course', 'Starts in January, April and September'],
          ['Sat 10:00', 'Hand-building for families', 'From seven years old, with an adult'],
        ],
      ],
      [
        'Once a month',
        [
          ['First Sat', 'Kiln opening', 'We unload at ten; you may buy straight from the shelf'],
          ['Last Sun', 'Glaze morning', 'For people who already have pots to glaze'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From kitchens we know',
    items: [
      [
        'We bought four bowls in 2019. They have been through the dishwasher every night since, and one has been dropped. We still have four.',
        'Leila Haddad',
        'customer',
      ],
      [
        'I asked for plates that would make lentils look good. Yuki asked which lentils. We ordered forty.',
        'Bruno Sartori',
        'cooks at a small restaurant',
      ],
      ['My first pot leaned so far it needed a wall. She fired it anyway, and it holds my pens.', 'Catriona Munro', 'Thursday course'],
    ],
  },
  team: {
    heading: 'In the studio',
    items: [
      ['Yuki Tanabe', 'Throwing', 'Makes every mug, and the glaze tests.'],
      ['Rafael Okoro', 'Classes', 'Has taught about four hundred people to centre.'],
      ['Signe Dahl', 'Kiln and orders', 'Packs the parcels; two breakages in three years.'],
    ],
  },
  posts: {
    heading: 'From the glaze book',
    items: [
      [
        'The green that came back',
        'A glaze we lost when the ash ran out, and the pruned apple trees that gave it back.',
        '9 October',
        'Glazes',
      ],
      ['What a second is', 'Pinholes, drips, a lean to the left: which faults matter at the table and which do not.', '2 July', 'Shop'],
      ['Looking after stoneware', 'Why a cold plate should not go in a hot oven, and how to take off tea stains.', '18 April', 'Care'],
    ],
  },
  faq: {
    heading: 'Before you ask',
    items: [
      [
        'Can it go in the dishwasher and the microwave?',
        'Yes, both. Stoneware does not like sudden heat, so let a plate from the fridge warm up before it goes into the oven.',
      ],
      [
        'Do you take orders?',
        'For forms we already make, from six pieces up. An order takes five to six weeks, and we ask for half the price at the start.',
      ],
      [
        'Will my set match?',
        'It will belong together. Each piece is thrown by eye, so diameters differ by a few millimetres and glazes by a shade.',
      ],
      [
        'What if something arrives broken?',
        'Send a photograph within a week. We replace it from the shelf or make it again in the next kiln.',
      ],
      [
        'When can I collect what I made in class?',
        'Four weeks later. We send a message when the kiln is unloaded and keep pieces for two months.',
      ],
    ],
  },
  letter: ['When the kiln opens', 'One message a month, the evening before we unload, with a picture of what went in.', 'Write to join'],
  contact: ['Ask the potter', 'For an order, a place in a class, or a plate to match the one that broke.'],
  visit: [
    'The studio and the shelf',
    'You can watch from the doorway while we work. The seconds are to the left, under the window.',
    'In the yard behind the printer’s. The bell sticks, so knock.',
  ],
  hours: [
    ['Wednesday to Friday', '11:00–18:00'],
    ['Saturday', '10:00–15:00'],
  ],
};
