import type { Topic } from './topic.ts';

export const KINDERGARTEN: Topic = {
  id: 'kindergarten',
  noun: 'kindergarten',
  words: [
    'kindergarten',
    'kindergarden',
    'nursery',
    'nursery school',
    'preschool',
    'pre-school',
    'daycare',
    'day care',
    'day nursery',
    'childcare',
    'child care',
    'childminder',
    'child minder',
    'crèche',
    'creche',
    'playgroup',
    'play group',
    'toddler',
    'kita',
    'forest kindergarten',
    'forest school',
    'waldkindergarten',
    'montessori',
    'waldorf',
    'early years',
    'babysitter',
    'after-school club',
    'nanny',
  ],
  names: ['Puddle House', 'The Plum Tree', 'Little Otters', 'Acorn Row', 'Red Wellies'],
  palettes: ['marigold', 'sky', 'tangerine', 'lilac', 'mint'],
  types: ['lively', 'friendly', 'warm'],
  layouts: ['mosaic', 'centered', 'split'],
  backdrops: ['hills', 'sun', 'town'],
  still: ['blocks', 'kite', 'sprout'],
  sections: ['features', 'schedule', 'gallery', 'story', 'team', 'faq', 'steps', 'visit', 'contact'],
  labels: {
    features: 'How we work',
    schedule: 'A day',
    gallery: 'House and garden',
    team: 'Grown-ups',
    steps: 'Getting a place',
    visit: 'Visit',
  },
  tagline: 'A kindergarten{in} with a big garden and small groups.',
  headlines: ['Mud first, then lunch', 'Thirty-six children and one plum tree', 'A good place to be four'],
  intros: [
    'A kindergarten{in} for children from one to six. Three groups of twelve, a cook who lets them peel carrots, and a garden we use in all weathers.',
    'At {name} the mornings are long and the toys are few. Children dig, build, argue, make up, and come home with sand in their shoes.',
  ],
  action: ['Come and visit', 'contact'],
  second: ['See a day', 'schedule'],
  facts: [
    ['Ages', '1 to 6'],
    ['Groups', '3, with 12 in each'],
    ['Outside', '3 hours a day'],
  ],
  features: {
    heading: 'What matters to us',
    text: 'Six things, in roughly the order the children would put them.',
    items: [
      ['The garden', 'Nine hundred square metres with a water pump, a willow hut, and a hill that is exactly steep enough.', 'tree'],
      ['Real lunch', 'Cooked here by Ngozi, mostly vegetables, eaten at low tables from real plates. We lose about one a week.', 'bowl'],
      ['Blocks, boards and rope', 'Few toys with one purpose, many things with none. The best ship so far took four days.', 'blocks'],
      [
        'Two grown-ups per room',
        'Trained, paid properly, and mostly the same ones for years. A third joins for the youngest group.',
        'heart',
      ],
      ['Books and songs', 'Every day after lunch, in four languages by now, because that is what the children brought from home.', 'books'],
      ['Wednesdays in the woods', 'From three years up, with a handcart, a flask and a spare set of trousers for everyone.', 'sprout'],
    ],
  },
  story: {
    heading: 'The house with the plum tree',
    paragraphs: [
      'Five families started {name} around a kitchen table when none of them could find a place. One mother knew a house: empty for two years, leaky, with a plum tree taller than the roof.',
      'Parents laid the floor, a grandfather built the low sinks, and the first eleven children moved in that September. Some of them come back now, much taller, to help with the harvest.',
      'It still belongs to the parents. Everyone gives three Saturdays a year: one for the garden, one for the house, one for the plum jam.',
    ],
    signature: 'Katrin Sommer, who runs the house',
    motifs: ['house', 'tree'],
  },
  gallery: {
    heading: 'House and garden',
    text: 'Drawn rather than photographed, because the children belong to themselves.',
    items: [
      ['blocks', 'The building corner', 'Towers stay up overnight if you ask'],
      ['tree', 'The plum tree', 'Forty jars in a good year'],
      ['bowl', 'Soup on Thursdays', 'The peelers are blunt, the pride is not'],
      ['kite', 'The hill', 'Kites in October, sledges in January'],
      ['cat', 'Herr Schmidt', 'Lives next door, visits at ten'],
      ['books', 'The reading stairs', 'Five steps, twelve children, one book'],
    ],
  },
  menu: {
    heading: 'Lunch this week',
    text: 'Cooked fresh, no nuts, meat once a week. Ngozi knows who eats what.',
    groups: [
      [
        'At noon',
        [
          ['Monday', 'Lentil soup with bread, apple slices', 'vegan'],
          ['Tuesday', 'Pasta with tomato and hidden carrots', 'vegan'],
          ['Wednesday', 'Picnic in the woods: flatbread, cheese, cucumber', 'vegetarian'],
          ['Thursday', 'Vegetable soup, peeled by the fives', 'vegan'],
          ['Friday', 'Jollof rice with chicken or beans', 'your choice'],
        ],
      ],
      [
        'At three',
        [
          ['Fruit and oatcakes', 'Every day', 'vegan'],
          ['Bread and plum jam', 'Until the jars run out, usually March', 'vegan'],
          ['Birthday cake', 'Baked by the birthday child, with help', 'vegetarian'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'What a place costs',
    text: 'After the public subsidy. Fees go down with income and with each brother or sister; nobody leaves because of money.',
    action: 'Ask about a place',
    plans: [
      ['Mornings', '¤190', 'a month', 'Until half past twelve.', ['7:30 to 12:30', 'Second breakfast and lunch', 'Woods on Wednesdays']],
      ['Until three', '¤260', 'a month', 'What most families choose.', ['7:30 to 15:00', 'Lunch, rest and stories', 'An afternoon snack']],
      [
        'Full day',
        '¤320',
        'a month',
        'For longer working days.',
        ['7:30 to 17:00, Fridays to 16:00', 'All meals', 'Up to four late days, agreed the week before'],
      ],
    ],
  },
  steps: {
    heading: 'Getting a place',
    text: 'We fill most places for September and decide in February.',
    items: [
      ['Visit', 'Open mornings on the first Thursday of the month, with your child.'],
      ['Apply', 'One page, by the end of January. We look at age, siblings and distance.'],
      ['Hear from us', 'Everyone gets an answer by 1 March, also when it is no.'],
      ['Settle in', 'Three weeks with a parent in the room, then in the kitchen, then out for coffee.'],
    ],
  },
  schedule: {
    heading: 'A day with us',
    text: 'The times are a frame. If the ship is nearly finished, lunch waits.',
    days: [
      [
        'Morning',
        [
          ['7:30', 'Arriving', 'Quiet play, one room, someone on the sofa with a book'],
          ['9:00', 'Morning circle', 'Who is here, who is ill, what the weather wants from us'],
          ['9:30', 'Outside', 'In all weathers; rain means boots'],
          ['12:00', 'Lunch', 'Children set the table, and mostly clear it'],
        ],
      ],
      [
        'Afternoon',
        [
          ['12:45', 'Rest and stories', 'Sleep for those who need it, stories for everyone else'],
          ['14:30', 'Snack', 'On the steps when it is warm'],
          ['15:00', 'Workshop or garden', 'Saws from four years, with a grown-up'],
          ['17:00', 'Home', 'With one treasure in the pocket, as a rule'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From parents, and one child',
    items: [
      [
        'In the third week he waved without turning round. I cried in the car, and then I had a coffee alone.',
        'Agnieszka Lis',
        'mother of Leon, two',
      ],
      [
        'They told us she was shy before we did, and what they were doing about it. It was mostly waiting.',
        'Hassan and Mina Rahimi',
        'parents of Setareh, four',
      ],
      ['You can use the real saw.', 'Jonah', 'five and three quarters'],
    ],
  },
  team: {
    heading: 'The grown-ups',
    text: 'Nine of us altogether. These four you meet first.',
    items: [
      ['Katrin Sommer', 'Head of the house', 'Teacher for twenty-two years. Can whistle with two fingers.'],
      ['Ngozi Eze', 'Kitchen', 'Believes every child eats spinach in the end. Is usually right.'],
      ['Pavel Horák', 'The older group', 'Carpenter first, teacher second. Owns the saws.'],
      ['Lucía Paredes', 'The youngest', 'Sings everything, including the rules.'],
    ],
  },
  posts: {
    heading: 'From the cloakroom board',
    items: [
      [
        'What to pack in November',
        'Two pairs of everything, and why wool wins. With a list to stick on the door.',
        '3 November',
        'For parents',
      ],
      [
        'The great ship, days one to four',
        'How nine children and eleven planks settled who would be captain.',
        '22 September',
        'From the garden',
      ],
      [
        'Settling in, honestly',
        'Some children take four days, some six weeks. What we look for before we send you home.',
        '15 August',
        'Starting',
      ],
    ],
  },
  faq: {
    heading: 'What parents ask',
    items: [
      [
        'From what age do you take children?',
        'From twelve months, once they can sit and eat a little. The youngest group has twelve children and three grown-ups.',
      ],
      [
        'How long does settling in take?',
        'Plan three weeks. You stay in the room at first, then nearby. Please do not start a new job in the first fortnight.',
      ],
      ['When can we apply?', 'By the end of January for September. Places come free during the year too, so write anyway; about four do.'],
      [
        'When are you closed?',
        'Three weeks in August, between Christmas and New Year, and two planning days. You have the dates a year ahead.',
      ],
      [
        'What if our child has an allergy?',
        'Tell Ngozi. She cooks for two coeliacs and one egg allergy already, and everyone eats the same where possible.',
      ],
    ],
  },
  letter: ['Friday notes', 'What the groups did this week, what is for lunch next week, and what to bring.', 'Write to join'],
  contact: [
    'Come and visit',
    'Tell us how old your child is and when you need a place. Katrin answers in the evening, when the house is quiet.',
  ],
  visit: [
    'The house by the meadow',
    'Open mornings are on the first Thursday of each month from nine. Bring boots.',
    'Yellow gate, bell at two heights. Ten minutes’ walk from the station, with a shed for prams and cargo bikes.',
  ],
  hours: [
    ['Monday to Thursday', '7:30–17:00'],
    ['Friday', '7:30–16:00'],
  ],
};
