import type { Topic } from './topic.ts';

export const REALESTATE: Topic = {
  id: 'realestate',
  noun: 'property agency',
  words: [
    'real estate',
    'real-estate',
    'realestate',
    'real estate agent',
    'real estate agency',
    'real estate company',
    'realtor',
    'estate agent',
    'estate agency',
    'estate agencies',
    'property',
    'properties',
    'property agent',
    'property management',
    'property listing',
    'letting agent',
    'lettings',
    'house for sale',
    'houses for sale',
    'homes for sale',
    'apartments for rent',
    'apartment for rent',
    'flats to let',
    'apartment rental',
    'housing',
    'condo',
    'villa',
    'real estate broker',
  ],
  names: ['Key & Lintel', 'Harbour Row', 'Casa Direita', 'Front Step Homes', 'Linden Street'],
  palettes: ['navy', 'teal', 'burgundy', 'olive', 'sea'],
  types: ['modern', 'classic', 'warm'],
  layouts: ['centered', 'split', 'editorial'],
  backdrops: ['town', 'coast', 'hills'],
  still: ['tower', 'house', 'key'],
  sections: ['gallery', 'features', 'steps', 'pricing', 'testimonials', 'team', 'faq', 'visit', 'contact'],
  labels: { gallery: 'Homes', features: 'What we do', steps: 'How a sale goes', pricing: 'Fees' },
  tagline: 'Homes bought, sold and let{in}, by people who live here.',
  headlines: ['Find the door that is yours', 'Homes, with the damp mentioned', 'Sold by people who know the street'],
  intros: [
    'We sell and let about ninety homes a year{in}. Each one is measured, photographed at an honest hour, and described with its faults.',
    '{name} has two desks, one bicycle and the keys to forty homes. Tell us how you live; we will say which streets to look at.',
  ],
  action: ['See homes', 'gallery'],
  second: ['Value my home', 'contact'],
  facts: [
    ['Homes last year', '92'],
    ['Average time to sell', '41 days'],
    ['Fee', '1.8 %, on completion'],
  ],
  features: {
    heading: 'Selling, letting, looking',
    text: 'The same person from the first visit to the keys.',
    items: [
      ['Selling', 'A valuation with three comparable sales on paper, a floor plan, and viewings one at a time.', 'house'],
      ['Letting', 'References checked, an inventory with photographs, and a deposit held by a third party.', 'key'],
      ['Searching for you', 'You tell us once. We ring before a home is listed, and tell you when to say no.', 'compass'],
      ['Management', 'Rent, repairs and the boiler at Christmas, for owners who live elsewhere.', 'calendar'],
      ['Valuation', 'An hour in your home, a written figure two days later, no obligation.', 'scales'],
      ['Paperwork', 'Land registry, energy certificate, building file: we fetch them before the buyer asks.', 'papers'],
    ],
  },
  story: {
    heading: 'It started with one honest advert',
    paragraphs: [
      'In 2008 Rosalind wrote an advert that began: “North-facing, noisy on Thursdays, and the best kitchen in the street.” Her employer asked her to take it down. The flat sold in four days, to someone who loved to cook and slept soundly.',
      'She opened {name} the year after. We still write adverts that way, because a buyer who is surprised at the second viewing does not come to a third.',
      'All of us live within two kilometres of the office. We know which streets flood, which school has places, and where the sun is in February.',
    ],
    signature: 'Rosalind Achterberg, founder',
    motifs: ['house', 'tree'],
  },
  gallery: {
    heading: 'On the market now',
    text: 'With one thing we like and one thing you should know.',
    items: [
      ['house', 'Terraced house, four rooms', '118 m², walled garden, stairs are steep. ¤465,000'],
      ['tower', 'Fourth-floor flat', '72 m², west balcony, lift from 1974. ¤318,000'],
      ['barn', 'Converted barn', '210 m², seven kilometres out, no bus on Sundays. ¤590,000'],
      ['key', 'Studio to let', '31 m², quiet yard, no washing machine. ¤780 a month'],
      ['tree', 'House by the orchard', '140 m², eleven apple trees to prune. ¤512,000'],
      ['tote', 'Corner shop with a room above', '64 and 38 m², loud until ten. ¤1,450 a month'],
    ],
  },
  menu: {
    heading: 'What it costs',
    text: 'Paid on completion, and nothing if we do not sell.',
    groups: [
      [
        'Selling',
        [
          ['Sale', 'Photographs, plan and viewings included', '1.8 %'],
          ['Valuation', 'Visit and written report', 'free'],
          ['Energy certificate', 'Through an independent assessor', '¤190'],
        ],
      ],
      [
        'Letting',
        [
          ['Finding a tenant', 'Adverts, viewings, references, contract', 'one month’s rent'],
          ['Full management', 'Rent, repairs, accounts', '8 % of rent'],
          ['Inventory', 'With about sixty photographs', '¤120'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Our fees, before you ask',
    text: 'VAT included. If we do not sell, you pay nothing.',
    action: 'Talk to us',
    plans: [
      [
        'Let',
        '8 %',
        'of the rent',
        'For owners who would rather not be called.',
        ['Tenant found and checked', 'Repairs arranged up to ¤300', 'One statement a year for your taxes'],
      ],
      [
        'Sell',
        '1.8 %',
        'of the price',
        'Everything from valuation to keys.',
        ['Photographs and floor plan', 'Accompanied viewings, also evenings', 'Notary and registry appointments made'],
      ],
      [
        'Search',
        '¤2,400',
        'on success',
        'For buyers short of time or far away.',
        ['A written brief after one talk', 'Video walks through each home', 'Negotiation on your side only'],
      ],
    ],
  },
  steps: {
    heading: 'How a sale goes',
    text: 'Nine weeks from the first visit to the keys, on average last year.',
    items: [
      ['We visit', 'An hour, with a laser measure. You hear our figure within two days, in writing.'],
      ['We prepare', 'Photographs at the right hour, a floor plan, the papers from the registry.'],
      ['People view', 'One household at a time. We tell you what they said, also when it stings.'],
      ['You decide', 'Offers come side by side, with financing checked. Then notary, keys, meter readings.'],
    ],
  },
  schedule: {
    heading: 'Open doors',
    text: 'No appointment needed at these times.',
    days: [
      [
        'This weekend',
        [
          ['Sat 10:00', 'Terraced house, four rooms', 'Until noon; shoes off, please'],
          ['Sat 14:00', 'Fourth-floor flat', 'Half an hour, when the sun reaches the balcony'],
        ],
      ],
      [
        'At the office',
        [
          ['First Tue, 18:30', 'Buying for the first time', 'A talk with a notary, free'],
          ['Third Tue, 18:30', 'Letting out a flat', 'Contracts, deposits, repairs'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From both sides of the door',
    items: [
      [
        'The advert said the bedroom was dark. It is. We bought it anyway, and nothing else has surprised us since.',
        'Mireille Okafor',
        'bought a flat in spring',
      ],
      [
        'Another agent promised thirty thousand more. Rosalind showed me three sales in my street. She was right to within two thousand.',
        'Stefan Kowalczyk',
        'sold his parents’ house',
      ],
      [
        'I live eleven hours away by plane. In four years I have had one call at night, and it was a real flood.',
        'Lakshmi Raman',
        'lets two flats',
      ],
    ],
  },
  team: {
    heading: 'Who holds the keys',
    items: [
      ['Rosalind Achterberg', 'Sales', 'Writes every advert herself.'],
      ['Tunde Bakare', 'Lettings', 'Knows each boiler by name.'],
      ['Carmen Iglesias', 'Searches', 'Has viewed some two thousand homes.'],
      ['Ville Nieminen', 'Papers and plans', 'Measures twice.'],
    ],
  },
  posts: {
    heading: 'Notes on the neighbourhood',
    items: [
      ['What homes sold for this spring', 'Thirty-one sales, street by street, with the price per square metre.', '2 July', 'Prices'],
      [
        'Ten things to check at a viewing',
        'Run the tap, look behind the wardrobe, come back at eight in the evening.',
        '11 April',
        'Buying',
      ],
      ['Paint or leave it', 'Which small works pay for themselves before a sale, and which never do.', '20 February', 'Selling'],
    ],
  },
  faq: {
    heading: 'Plain answers',
    items: [
      [
        'What is my home worth?',
        'We come by for an hour and send a written figure within two days, with three comparable sales. It costs nothing and commits you to nothing.',
      ],
      [
        'When do I pay the fee?',
        'When the sale is complete and the money has arrived. If we do not sell within six months you may leave, free of charge.',
      ],
      [
        'Can I view in the evening?',
        'Yes, until eight on weekdays, and we recommend it: you hear the neighbours and see the street lights.',
      ],
      ['Do you help with a mortgage?', 'We introduce two independent advisers and take no commission from either.'],
      [
        'What do tenants need to show?',
        'Proof of income, a reference from the last landlord and identification. We answer every application within three days.',
      ],
    ],
  },
  letter: [
    'Before it is listed',
    'On Thursdays, only when there is something: homes that will come to the market next week.',
    'Write to join',
  ],
  contact: ['Talk to us', 'About a home to sell, to let or to find. The first conversation is free and takes half an hour.'],
  visit: [
    'The office with the yellow door',
    'Plans of every home hang in the window. Come in for a coffee and say what you are looking for.',
    'On the square, next to the pharmacy. Two parking spaces behind the building are ours.',
  ],
  hours: [
    ['Monday to Friday', '9:00–18:00'],
    ['Saturday', '10:00–14:00'],
  ],
};
