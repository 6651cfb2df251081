import type { Topic } from './topic.ts';

export const BAKERY: Topic = {
  id: 'bakery',
  noun: 'bakery',
  words: [
    'bakery',
    'bakeries',
    'bakehouse',
    'baker',
    'baking',
    'bread',
    'sourdough',
    'pastry',
    'pastries',
    'pastry shop',
    'patisserie',
    'pâtisserie',
    'boulangerie',
    'panaderia',
    'konditorei',
    'cake',
    'cake shop',
    'wedding cake',
    'birthday cake',
    'cupcake',
    'croissant',
    'doughnut',
    'donut',
    'cookie',
    'bagel',
    'bread shop',
    'sourdough bakery',
    'home bakery',
    'micro bakery',
  ],
  names: ['Second Rise', 'Flour & Early', 'The Four O’Clock Oven', 'Rye Street Bakehouse', 'Plain Loaf'],
  palettes: ['marigold', 'burgundy', 'tangerine', 'terracotta', 'sky'],
  types: ['friendly', 'warm', 'lively', 'bookish'],
  layouts: ['poster', 'mosaic', 'centered', 'split'],
  backdrops: ['tiles', 'sun', 'arch'],
  still: ['loaf', 'croissant', 'wheat'],
  sections: ['features', 'schedule', 'story', 'menu', 'testimonials', 'visit', 'faq', 'contact'],
  labels: { features: 'Bread', schedule: 'Out of the oven', menu: 'Prices' },
  tagline: 'Bread with a long rise, baked{in} six mornings a week.',
  headlines: ['Bread takes two days. We start today', 'Flour, water, salt and a night’s sleep', 'The oven is on at four'],
  intros: [
    'Our dough is mixed one afternoon and baked the next morning. {name} makes five breads and nine pastries{in}, and when the shelf is empty we go home.',
    'Two bakers, one deck oven and a starter that has been fed every day since 2011. Bread from seven{in}, pastries a little after.',
  ],
  action: ['See what we bake', 'menu'],
  second: ['When it comes out', 'schedule'],
  facts: [
    ['Oven on', '4:00'],
    ['Loaves a day', 'About 180'],
    ['Closed', 'Mondays'],
  ],
  features: {
    heading: 'The daily breads',
    text: 'The same short list all week, so that you can rely on it. One guest loaf on Saturdays.',
    items: [
      ['House sourdough', 'Wheat with a fifth rye, risen for twenty hours. A dark crust, good for four days and then for toast.', 'loaf'],
      ['Butter croissant', 'Twenty-seven layers, folded by hand each afternoon and baked the next morning.', 'croissant'],
      ['Seeded rye', 'Dense and moist, with sunflower and linseed. Cut it thin. It is better on the second day.', 'wheat'],
      ['Cardamom bun', 'Lina’s grandmother’s recipe from Uppsala, with less sugar and more cardamom.', 'bag'],
      ['Cake of the week', 'Whatever fruit is cheap and ripe. In October it is plum; in March we make do with lemon.', 'cake'],
      ['Breakfast roll', 'White, soft, a little milk in the dough. For eggs, for cheese, for children.', 'plate'],
    ],
  },
  schedule: {
    heading: 'Out of the oven',
    text: 'Times are true to within ten minutes. Ring before noon and we keep a loaf for you.',
    days: [
      [
        'Tuesday to Friday',
        [
          ['7:00', 'Sourdough and rolls', 'Still too warm to slice'],
          ['8:00', 'Croissants and buns', 'Two trays, a third at nine'],
          ['10:30', 'Seeded rye', 'Let it cool until evening'],
          ['12:00', 'Focaccia', 'Potato and rosemary, or tomato in summer'],
        ],
      ],
      [
        'Saturday and Sunday',
        [
          ['7:30', 'Sourdough, double batch', 'Usually enough until one'],
          ['8:30', 'All the pastries', 'The queue is friendly'],
          ['9:30', 'The guest loaf', 'Saturdays only: spelt, walnut or olive'],
          ['11:00', 'Cake', 'Whole or by the slice'],
        ],
      ],
    ],
  },
  story: {
    heading: 'A starter called Ottoline',
    paragraphs: [
      'Lina kept a jar of sourdough starter through three rented flats and one very cold winter. When the flat above an old launderette came free, she looked at the shop below instead.',
      'The oven came from a village baker who was retiring. It weighs two tonnes; they took out the front window to get it in, and half the street held doors. Several of those people still come on Thursdays.',
      'We buy flour from one mill, stone-ground and delivered every second week. Bread left at closing goes to the night shelter, and Farid drives it there.',
    ],
    signature: 'Lina and Farid, bakers',
    motifs: ['wheat', 'loaf'],
  },
  gallery: {
    heading: 'A morning in the bakehouse',
    items: [
      ['wheat', 'The flour', 'One mill, stone-ground'],
      ['bowl', 'The dough', 'Mixed at two, shaped at five'],
      ['loaf', 'The first batch', 'Sixty loaves at once'],
      ['croissant', 'The fold', 'Three times, an hour apart'],
      ['cake', 'Saturday’s cake', 'Plum, with a crumb on top'],
      ['bicycle', 'The round', 'Eleven doors before eight'],
    ],
  },
  menu: {
    heading: 'What it costs',
    text: 'Half loaves at half the price. Cut or whole, as you like.',
    groups: [
      [
        'Bread',
        [
          ['House sourdough', '900 g, wheat and rye', '¤5.20'],
          ['Seeded rye', '750 g, sunflower and linseed', '¤5.80'],
          ['Focaccia', 'By the slab', '¤4.20'],
          ['Breakfast roll', 'Four for ¤3.20', '¤0.90'],
        ],
      ],
      [
        'Pastry',
        [
          ['Butter croissant', 'Plain; jam is on the table', '¤2.30'],
          ['Cardamom bun', 'With pearl sugar', '¤2.80'],
          ['Apple turnover', 'October to April', '¤3.00'],
          ['Cake of the week', 'By the slice', '¤3.60'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'A standing order',
    text: 'Pay once a month, collect from the side door. Skip a week by noon the day before.',
    action: 'Order this',
    plans: [
      ['Weekend', '¤22', 'a month', 'One loaf each Saturday.', ['Your choice of bread', 'Kept until closing', 'Guest loaf on request']],
      [
        'Household',
        '¤44',
        'a month',
        'Bread twice a week.',
        ['Two loaves a week', 'Four rolls on Saturdays', 'Collect any day we are open'],
      ],
      [
        'Table for many',
        '¤165',
        'a month',
        'For cafés and offices nearby.',
        ['Six loaves and twenty rolls a week', 'Brought before eight', 'One invoice at month’s end'],
      ],
    ],
  },
  steps: {
    heading: 'Two days in the life of a loaf',
    items: [
      ['Mix', 'At two in the afternoon: flour, water, starter. Salt goes in forty minutes later.'],
      ['Fold', 'Four folds by hand, half an hour apart. The dough tells you when it is strong.'],
      ['Rest', 'Sixteen hours in baskets at eight degrees. Most of the flavour happens here.'],
      ['Bake', 'From four in the morning, straight onto the stone, forty-five minutes.'],
    ],
  },
  quotes: {
    heading: 'Heard in the queue',
    items: [
      ['My son will not eat crusts. He eats these crusts. I have stopped asking why.', 'Yewande Adebayo', 'comes by on the school run'],
      [
        'I ordered a cake for eighty and they talked me down to sixty. There was exactly enough.',
        'Henrik Solberg',
        'turned seventy in May',
      ],
      ['They rang to say the rye had come out a shade too dark and was half price. I bought two.', 'Pilar Montes', 'customer since 2016'],
    ],
  },
  team: {
    heading: 'Who bakes',
    items: [
      ['Lina Ekström', 'Bread', 'Feeds the starter, also on holidays.'],
      ['Farid Rahimi', 'Bread and the night round', 'Learned in Herat, then in Lyon.'],
      ['Mei Tanaka', 'Pastry', 'Folds eleven kilos of butter a week.'],
      ['Joseph Okello', 'The counter', 'Knows who likes the dark ones.'],
    ],
  },
  posts: {
    heading: 'Notes from the bench',
    items: [
      [
        'What to do with the last third',
        'Three uses for a loaf on day five: soup, crumbs, and a pudding with pears.',
        '9 November',
        'At home',
      ],
      [
        'The new harvest is in',
        'Flour changes every autumn. This year it drinks more water, so the crumb is more open.',
        '2 September',
        'Flour',
      ],
      [
        'Keeping a starter without fuss',
        'Once a week is enough if you use the refrigerator. Quantities for one small jar.',
        '14 February',
        'Sourdough',
      ],
    ],
  },
  faq: {
    heading: 'Asked at the counter',
    items: [
      [
        'How do I keep bread fresh?',
        'Cut side down on a board for two days, then in a paper bag inside a cloth one. It freezes well, sliced.',
      ],
      [
        'Do you bake without gluten?',
        'The almond cake has no flour in it, but it is made in a room full of wheat. If you are coeliac, please do not risk it.',
      ],
      ['Can I order a cake?', 'Yes, five days ahead, for six to sixty people. We bake four kinds and write on them neatly if asked.'],
      [
        'Which allergens are in what?',
        'There is a list on the counter for every item. Nuts, sesame, milk and eggs are all used in the same kitchen.',
      ],
    ],
  },
  letter: ['The Friday list', 'Each Friday: the guest loaf, the cake, and any day we are closed. Four lines at most.', 'Write to join'],
  contact: ['Order or ask', 'For cakes, bread for a party, or a loaf kept until six. Ring before noon for the next day.'],
  visit: [
    'Come while it is warm',
    'The door opens at seven. You can see the oven from the counter and the bakers can see you.',
    'Look for the blue shutter on the corner. There is a bench outside and a place to tie a dog.',
  ],
  hours: [
    ['Tuesday to Friday', '7:00–18:00'],
    ['Saturday and Sunday', '7:30–14:00'],
    ['Monday', 'Closed'],
  ],
};
