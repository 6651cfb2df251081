import type { Topic } from './topic.ts';

export const BICYCLES: Topic = {
  id: 'bicycles',
  noun: 'bicycle workshop',
  words: [
    'bicycle',
    'bicycles',
    'bike',
    'bikes',
    'cycle',
    'cycling',
    'cyclist',
    'e-bike',
    'ebike',
    'cargo bike',
    'road bike',
    'mountain bike',
    'gravel bike',
    'bicycle shop',
    'bike shop',
    'cycle shop',
    'bicycle store',
    'bike store',
    'bicycle repair',
    'bike repair',
    'bike repair shop',
    'bicycle repair shop',
    'bicycle workshop',
    'bike workshop',
    'bike mechanic',
    'bicycle mechanic',
    'bike service',
    'bike rental',
    'bicycle rental',
    'bike hire',
    'wheel builder',
    'frame builder',
    'velo',
  ],
  names: ['Freewheel', 'Third Gear', 'Spoke & Bell', 'Downhill Home', 'Roda Livre'],
  palettes: ['sky', 'tangerine', 'cobalt', 'graphite', 'marigold'],
  types: ['technical', 'modern', 'lively'],
  layouts: ['poster', 'product', 'split'],
  backdrops: ['town', 'blocks', 'hills'],
  still: ['bicycle', 'wrench', 'clock'],
  sections: ['features', 'menu', 'steps', 'story', 'testimonials', 'team', 'faq', 'visit', 'contact'],
  labels: { features: 'What we do', menu: 'Workshop prices', steps: 'How it goes' },
  tagline: 'Repairs, used bicycles and hand-built wheels{in}.',
  headlines: ['Rolling again by tomorrow', 'Your bicycle, without the noise', 'We mend what you ride'],
  intros: [
    'Bring it in before ten and most repairs are done the next day. {name} has three stands, a fixed price list, and tea while you wait for a tube.',
    'We mend, rebuild and sell bicycles{in}: city bikes, cargo bikes, the ten-speed from your uncle’s cellar.',
  ],
  action: ['Workshop prices', 'menu'],
  second: ['Bring it in', 'visit'],
  facts: [
    ['Usual wait', 'One day'],
    ['Punctures', 'While you wait'],
    ['Repairs last year', '2,140'],
  ],
  features: {
    heading: 'Under one roof',
    text: 'Most of it happens where you can see it, at the three stands by the window.',
    items: [
      ['Repairs', 'From a slack chain to a bent fork. We call before we do anything that costs more than we said.', 'wrench'],
      ['Used bicycles', 'About thirty in the shop, stripped, cleaned and rebuilt. Six months’ warranty, from ¤190.', 'bicycle'],
      [
        'Hand-built wheels',
        'Laced, tensioned and stress-relieved by Kenji. They come back once, after 300 km, for a free check.',
        'compass',
      ],
      ['Bicycles to borrow', 'While yours is on the stand. Seven of them, all ugly, all with working lights. Free.', 'key'],
      ['E-bikes and cargo', 'Motors by two makers, batteries tested under load, brakes sized for two children and the shopping.', 'crate'],
      ['Repair evenings', 'Thursdays at seven: our tools, your bicycle, and one of us to ask.', 'hammer'],
    ],
  },
  story: {
    heading: 'A stand on the pavement',
    paragraphs: [
      'In the summer of 2014 Femi mended bicycles on the pavement outside his flat, with one stand and a biscuit tin of spare parts. A neighbour paid him in tomatoes.',
      'When it rained too often he rented the old tyre depot on the corner. Kenji came to ask for a job, saw the wheels, rebuilt one while he waited, and stayed.',
      'We keep the biscuit tin on the counter. If a bolt in it fits your bicycle, it is yours.',
    ],
    signature: 'Femi Adebayo, mechanic',
    motifs: ['bicycle', 'wrench'],
  },
  gallery: {
    heading: 'Lately on the stands',
    items: [
      ['bicycle', 'A 1978 touring frame', 'New wheels, the old leather saddle'],
      ['wrench', 'Bottom brackets', 'The noise was the pedal, as so often'],
      ['crate', 'Bakery cargo bike', 'Forty kilos of bread each morning'],
      ['compass', 'Thirty-two spokes', 'Laced in fifty minutes'],
      ['clock', 'Thursday, a quarter past ten', 'Repair evening runs late'],
      ['bicycle', 'Our first hundred-year-old', 'Three gears, all working'],
    ],
  },
  menu: {
    heading: 'Workshop prices',
    text: 'Work only; parts are extra and shown to you first. Looking costs nothing.',
    groups: [
      [
        'Quick',
        [
          ['Puncture', 'With a new tube, while you wait', '¤14'],
          ['Brake adjustment', 'Both, cables or discs', '¤12'],
          ['Gear adjustment', 'Indexed and test-ridden', '¤15'],
          ['Chain replacement', 'And we measure the cassette', '¤12'],
        ],
      ],
      [
        'Longer',
        [
          ['Yearly service', 'Brakes, gears, bearings, wheels, ninety minutes', '¤68'],
          ['Full rebuild', 'Down to the frame, cleaned and greased', '¤190'],
          ['Wheel truing', 'Per wheel, on the stand', '¤18'],
          ['Hydraulic brake bleed', 'Per brake, with fluid', '¤32'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Service by the year',
    text: 'For people who ride every day. Parts cost what they cost us, plus fifteen per cent.',
    action: 'Sign up for this',
    plans: [
      ['Commuter', '¤95', 'a year', 'One bicycle, all weather.', ['One full service', 'Punctures free', 'A bicycle to borrow']],
      [
        'Household',
        '¤240',
        'a year',
        'Up to four, including the small ones.',
        ['A service for each', 'Seats and stabilisers fitted', 'Collected from your door once'],
      ],
      [
        'Fleet',
        '¤38',
        'per bicycle a quarter',
        'For couriers, hotels and offices.',
        ['We come to you', 'A sheet for every bicycle', 'Repairs within one working day'],
      ],
    ],
  },
  steps: {
    heading: 'From the door to the road',
    items: [
      ['Bring it in', 'No appointment before ten. We look at it together, two minutes, and write down the noise.'],
      ['Know the price', 'You get a slip with work, parts and a time. If we find more, we call first.'],
      ['We mend and ride it', 'Every bicycle goes round the block twice, once with the brakes.'],
      ['Collect', 'Until seven. If it still clicks within a month, the next look is on us.'],
    ],
  },
  schedule: {
    heading: 'Rides and repair evenings',
    days: [
      [
        'Every week',
        [
          ['Thu 19:00', 'Repair evening', 'Our tools, your bicycle, four places'],
          ['Sun 9:00', 'Slow ride', '35 km, one bakery, nobody left behind'],
        ],
      ],
      [
        'Now and then',
        [
          ['First Sat', 'Used bicycle day', 'Six freshly rebuilt ones go out at ten'],
          ['March', 'Wheel-building weekend', 'Two days, two people, two wheels'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'Heard at the stand',
    items: [
      [
        'I expected a new drivetrain. They tightened one bolt and charged me nothing. I have bought three bicycles there since.',
        'Gemma Rossi',
        'commuter',
      ],
      [
        'We run nine cargo bikes. Since they look after them we have lost two delivery days in a year.',
        'Arjun Mehta',
        'delivery cooperative',
      ],
      ['They taught my daughter to change a tube. She is eight and does the whole street now.', 'Sofie Lund', 'neighbour'],
    ],
  },
  team: {
    heading: 'At the stands',
    items: [
      ['Femi Adebayo', 'Repairs', 'Finds the noise before you have described it.'],
      ['Kenji Mori', 'Wheels', 'Trues by ear.'],
      ['Paula Freitas', 'Used bicycles', 'Rebuilds two a week and test-rides them home.'],
      ['Luka Horvat', 'E-bikes', 'Reads the error codes so that you need not.'],
    ],
  },
  posts: {
    heading: 'From the workbench',
    items: [
      ['How to lock a bicycle', 'Two locks, one frame, and what thieves in this street actually carry.', '6 September', 'Advice'],
      ['Your chain, measured', 'A ¤10 gauge saves a ¤60 cassette. When to look, and what the numbers mean.', '11 May', 'Maintenance'],
      ['A winter bicycle for ¤250', 'What we fitted, what we left out, and how it looked in April.', '20 November', 'Builds'],
    ],
  },
  faq: {
    heading: 'Good to know',
    items: [
      [
        'Do I need an appointment?',
        'Not for small repairs before ten. For a service in April and May, call a week ahead: everyone remembers their bicycle at once.',
      ],
      [
        'Do you repair bicycles bought elsewhere?',
        'Yes, also from supermarkets and the internet. If a repair would cost more than the bicycle is worth, we say so.',
      ],
      [
        'Which e-bikes do you service?',
        'Motors by Bosch and Shimano, with their software. For others we do brakes, wheels and gears, but not the motor.',
      ],
      ['Do you buy used bicycles?', 'If the frame is sound. Bring it with proof of purchase; we pay in cash or against a repair.'],
      ['Do used bicycles come with a warranty?', 'Six months on everything but tyres and pads, and a free check after the first 300 km.'],
    ],
  },
  letter: [
    'News from the stand',
    'Four times a year: used bicycles that just came in, the next rides, and one repair you can do yourself.',
    'Write to join',
  ],
  contact: ['Describe the noise', 'Or ask about a used bicycle, a pair of wheels or a fleet. A photograph helps.'],
  visit: [
    'Roll in',
    'Bring small repairs before ten. There is a pump outside that works at any hour.',
    'The old tyre depot on the corner, level entrance. The cycle lane goes past the door.',
  ],
  hours: [
    ['Monday to Friday', '8:00–19:00'],
    ['Saturday', '9:00–14:00'],
  ],
};
