import type { Topic } from './topic.ts';

export const COFFEE: Topic = {
  id: 'coffee',
  noun: 'coffee roastery',
  words: [
    'coffee',
    'roastery',
    'roaster',
    'espresso',
    'café',
    'cafe',
    'barista',
    'coffee shop',
    'coffee roastery',
    'coffee roaster',
    'coffee bar',
  ],
  names: ['Torra Lenta', 'Slow Drum Coffee', 'Half Light Roasters', 'Third Crack', 'Meadow & Drum'],
  palettes: ['espresso', 'terracotta', 'teal', 'ink', 'tangerine'],
  types: ['warm', 'statement', 'classic', 'lively'],
  layouts: ['split', 'poster', 'editorial'],
  backdrops: ['sun', 'arch', 'tiles'],
  still: ['bag', 'cup', 'dripper'],
  sections: ['features', 'story', 'menu', 'testimonials', 'faq', 'visit', 'contact'],
  labels: { features: 'Coffee', menu: 'At the bar', visit: 'Visit' },
  tagline: 'Small-batch coffee, roasted{in} twice a week.',
  headlines: ['Roasted slowly, poured with care', 'Coffee with nowhere to rush', 'Good mornings start on Tuesday'],
  intros: [
    'We roast twelve kilos at a time{in}, taste every batch the next morning, and pour it at the bar before we let anyone take it home.',
    'A small drum, four farms we know by name, and a long bar to drink it at. {name} roasts{in} every Tuesday and Friday.',
  ],
  action: ['See the bar menu', 'menu'],
  second: ['Find us', 'visit'],
  facts: [
    ['Roast days', 'Tuesday, Friday'],
    ['Farms', 'Four, all visited'],
    ['Batch', '12 kg'],
  ],
  features: {
    heading: 'On the shelf this month',
    text: 'Three coffees and a blend, each roasted to suit one way of brewing.',
    items: [
      ['Serra, the house blend', 'Brazil and Guatemala. Hazelnut, cocoa, a soft finish. Made for milk and for moka pots.', 'bag'],
      [
        'Gakuyu-ini, Kenya',
        'Washed, high-grown. Blackcurrant and grapefruit peel; best as a filter, a little cooler than you think.',
        'dripper',
      ],
      ['El Mirador, Colombia', 'Honey process from Huila. Red apple, panela, a round body. Our favourite espresso since spring.', 'cup'],
      ['Sidama decaf', 'Decaffeinated with mountain water, so it still tastes of peach and black tea. For the second cup.', 'beans'],
    ],
  },
  story: {
    heading: 'A drum, a bar and a notebook',
    paragraphs: [
      'We began with a second-hand drum roaster in a garage, a bag of green coffee from a friend of a friend, and a notebook. The garage is gone; the drum and the notebook are not.',
      'Every roast still gets a line: the weather, the weight, what it tasted of on day one and on day seven. When you ask which bag to take home, that is the book we open.',
      'We buy from four farms, pay on delivery rather than on sale, and print the price we paid on the back of each bag.',
    ],
    signature: 'Inês and Tomás, who roast',
    motifs: ['dripper', 'mug'],
  },
  gallery: {
    heading: 'Around the roastery',
    items: [
      ['bag', 'Bags, filled by hand', 'Every Tuesday afternoon'],
      ['cup', 'The six-ounce cup', 'Thrown by a potter down the road'],
      ['dripper', 'Filter, all day', 'One brewer, two coffees'],
      ['beans', 'Green to brown', 'Eleven minutes, more or less'],
      ['croissant', 'Pastry until it is gone', 'Usually by eleven'],
      ['monstera', 'The window seat', 'First come, first served'],
    ],
  },
  menu: {
    heading: 'At the bar',
    text: 'Milk is from a dairy an hour away; oat costs the same.',
    groups: [
      [
        'Coffee',
        [
          ['Espresso', 'The house blend, or ask what else is on', '¤1.40'],
          ['Flat white', 'Double, six ounces', '¤3.20'],
          ['Filter of the day', 'Brewed by the cup, about four minutes', '¤3.50'],
          ['Iced filter', 'Over one large cube, May to October', '¤3.80'],
        ],
      ],
      [
        'With it',
        [
          ['Butter croissant', 'From the bakery across the square', '¤2.10'],
          ['Toast and marmalade', 'Sourdough, salted butter, bitter orange', '¤3.60'],
          ['Almond cake', 'By the slice, no flour', '¤3.40'],
          ['Hot chocolate', 'Seventy per cent, not very sweet', '¤3.40'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Coffee by post',
    text: 'Roasted on Tuesday, posted on Wednesday. Pause or stop whenever you like.',
    action: 'Start with this one',
    plans: [
      [
        'One bag',
        '¤12',
        'every month',
        'For one careful drinker.',
        ['250 g, whole or ground', 'The coffee we like most', 'Postage included'],
      ],
      [
        'Two bags',
        '¤22',
        'every month',
        'For a household.',
        ['2 × 250 g, two different coffees', 'Brewing card in each box', 'Postage included'],
      ],
      [
        'Office',
        '¤68',
        'every month',
        'For a kitchen that gets through it.',
        ['3 kg of the house blend', 'Grinder set up by us', 'Delivered by bicycle nearby'],
      ],
    ],
  },
  steps: {
    heading: 'From sack to cup',
    items: [
      ['Taste', 'Samples arrive in winter. We cup forty, buy four.'],
      ['Roast', 'Twelve kilos a batch, eleven minutes, first crack by ear.'],
      ['Rest', 'Three days in open bins. Coffee, like bread, needs to settle.'],
      ['Pour', 'At the bar first. If we would not drink it, it does not go in a bag.'],
    ],
  },
  quotes: {
    heading: 'Overheard at the bar',
    items: [
      [
        'I asked for something like my grandmother’s coffee and they asked me three questions. The bag was right.',
        'Marta Vidal',
        'comes in on Saturdays',
      ],
      [
        'Our guests ask what the coffee is before they ask for the wifi. That had never happened.',
        'Jonas Weber',
        'runs a guesthouse nearby',
      ],
      ['They told me not to buy the expensive one because I have a moka pot. I have trusted them since.', 'Aoife Brennan', 'neighbour'],
    ],
  },
  team: {
    heading: 'Who you will meet',
    items: [
      ['Inês Carvalho', 'Roasting', 'Keeps the notebook.'],
      ['Tomás Reis', 'Buying and roasting', 'Visits the farms in February.'],
      ['Dora Almeida', 'The bar', 'Remembers your order.'],
      ['Piet Jansen', 'Deliveries', 'Rain or shine, by bicycle.'],
    ],
  },
  posts: {
    heading: 'From the notebook',
    items: [
      [
        'Why we roast lighter in summer',
        'Heat in the room changes the first four minutes more than you would think. What we do about it.',
        '12 June',
        'Roasting',
      ],
      ['A better moka pot, for free', 'Hot water in the base, a lower flame, and taking it off before it gurgles.', '3 May', 'At home'],
      ['What we paid this year', 'Prices per kilo for all four farms, and why one of them rose by a third.', '20 March', 'Buying'],
    ],
  },
  faq: {
    heading: 'Asked often',
    items: [
      [
        'How fresh is the coffee?',
        'Bags leave us within a week of roasting; the date is stamped on the front. It is at its best from day four to about day thirty.',
      ],
      ['Will you grind it for me?', 'Yes. Tell us how you brew and we set the grinder for that, in the shop or by post.'],
      [
        'Can I work from the bar?',
        'On weekdays, gladly: there are two tables with sockets. At the weekend we keep them for people who came together.',
      ],
      [
        'Do you supply cafés and offices?',
        'We do, within a day’s delivery. We visit first, set up the grinder and train whoever makes the coffee.',
      ],
    ],
  },
  letter: [
    'A letter on roast days',
    'Twice a month: what is new on the shelf, what it tastes of, and one thing to try at home.',
    'Write to join',
  ],
  contact: ['Say hello', 'For beans by post, coffee for your café, or a table for more than six.'],
  visit: [
    'Come by',
    'The roaster runs on Tuesdays and Fridays; you can watch from the bar.',
    'Two minutes from the tram stop. Bicycles lean on the wall; dogs are welcome inside.',
  ],
  hours: [
    ['Monday to Friday', '7:30–17:00'],
    ['Saturday', '8:30–17:00'],
    ['Sunday', '9:00–13:00'],
  ],
};
