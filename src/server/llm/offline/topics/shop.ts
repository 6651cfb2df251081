import type { Topic } from './topic.ts';

/** For a shop or a product without a topic of its own: the copy speaks of how things are made, packed and sent, never of what they are. */
export const SHOP: Topic = {
  id: 'shop',
  noun: 'small shop',
  words: [
    'shop',
    'store',
    'webshop',
    'e-shop',
    'e-commerce',
    'ecommerce',
    'storefront',
    'merch',
    'merchandise',
    'gift',
    'product page',
    'product website',
    'product launch',
    'physical product',
    'handmade',
    'homeware',
    'candle',
    'soap',
    'skincare',
    'cosmetics',
    'perfume',
    'stationery',
    'toy',
    'lamp',
    'furniture',
    'goods',
    'crafts',
    'etsy',
  ],
  names: ['Short List', 'Good Parcel', 'Kept Things', 'Plain Goods', 'Loja Pequena'],
  palettes: ['cobalt', 'tangerine', 'rose', 'marigold', 'mint'],
  types: ['friendly', 'statement', 'lively', 'modern'],
  layouts: ['product', 'mosaic', 'centered'],
  backdrops: ['sun', 'tiles', 'blocks'],
  still: ['tote', 'bag', 'letter'],
  sections: ['features', 'steps', 'pricing', 'story', 'testimonials', 'faq', 'newsletter', 'contact'],
  labels: { features: 'Why these', steps: 'How it arrives', pricing: 'Order', newsletter: 'Letter' },
  tagline: 'A few good things, made in small batches{in}.',
  headlines: ['A short list of good things', 'Made sixty at a time', 'Fewer things, better kept'],
  intros: [
    '{name} makes and sells a few things{in}, in batches of sixty. Each is used in our own home for a year before it is offered to you.',
    'A small shop with a short list. Orders placed before noon are packed by two people and leave the same afternoon.',
  ],
  action: ['See how to order', 'pricing'],
  second: ['How it arrives', 'steps'],
  facts: [
    ['Batch', 'Sixty'],
    ['Sent', 'Within a day'],
    ['Returns', 'Thirty days, free'],
  ],
  features: {
    heading: 'What you are paying for',
    text: 'We would rather sell one of something for ten years than one every year.',
    items: [
      ['Small batches', 'Sixty at a time, numbered underneath. The next batch is better by whatever you told us about the last.', 'layers'],
      ['Tried for a year', 'We live with everything first. Of eleven ideas last year, three made it to the shelf.', 'calendar'],
      ['Spare parts', 'Whatever can wear out can be replaced. Write with the number and we post the part for free.', 'wrench'],
      ['Paper, no plastic', 'Boxes from a mill two hours away, paper tape, shredded misprints for padding.', 'bag'],
      ['A person who answers', 'Rhea or Tomasz, within a day, usually with an opinion.', 'letter'],
      ['Wrapped as a present', 'Printed paper and string, your message by hand, no prices in the box. ¤4.', 'tote'],
    ],
  },
  story: {
    heading: 'It began on a hallway shelf',
    paragraphs: [
      'Rhea made the first one for herself because the one she had bought broke twice. A visitor asked for one, then the visitor’s sister. By the winter there was a shelf in the hallway and a list beside the telephone.',
      'Tomasz, who used to plan routes for a parcel company, took over the packing and found that nothing breaks if the box is the right size. We now own nine sizes of box.',
      'We have kept the list short on purpose. When something new comes, something else goes, and those who loved it get a letter first.',
    ],
    signature: 'Rhea Kapoor and Tomasz Zieliński',
    motifs: ['tote', 'letter'],
  },
  gallery: {
    heading: 'In the workroom',
    items: [
      ['layers', 'Batch 31', 'Fifty-eight passed'],
      ['tote', 'Ready to collect', 'On the hook by the door'],
      ['bag', 'Friday’s orders', 'Forty-four, by noon'],
      ['letter', 'Your notes', 'We pin up every one'],
      ['scissors', 'Paper and string', 'Tied the same way each time'],
      ['suitcase', 'To a shop up north', 'Twelve of each'],
    ],
  },
  menu: {
    heading: 'Postage and wrapping',
    text: 'Two parcels to the same address travel as one.',
    groups: [
      [
        'Post',
        [
          ['In this country', 'Two to three days, tracked', '¤4.50'],
          ['Neighbouring countries', 'Three to six days, tracked', '¤9'],
          ['Further away', 'One to two weeks', '¤16'],
          ['Collect it yourself', 'From the hook by the door', 'free'],
        ],
      ],
      [
        'With it',
        [
          ['Gift wrapping', 'Paper, string, a card', '¤4'],
          ['Gift voucher', 'By letter or by email', 'from ¤20'],
          ['Repair', 'For anything we made', 'free'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Order one, a pair or a shelf',
    text: 'Write with the number you would like. We confirm by reply and you pay once it is packed.',
    action: 'Order this way',
    plans: [
      [
        'One',
        '¤38',
        'each',
        'To see whether it suits you.',
        ['Any colour in stock', 'Sent within a day', 'Thirty days to change your mind'],
      ],
      [
        'A pair',
        '¤70',
        'for two',
        'One to keep and one to give.',
        ['Two colours if you like', 'One of them gift-wrapped', 'Postage included'],
      ],
      [
        'For your shop',
        '¤22',
        'each, from twelve',
        'For shops, offices and weddings.',
        ['Your mix of colours', 'Display card included', 'Ready in three weeks'],
      ],
    ],
  },
  steps: {
    heading: 'From our shelf to yours',
    items: [
      ['Order by noon', 'Later orders leave the next working day. You get a reply from a person.'],
      ['We look it over', 'Under the lamp, once from every side. About one in thirty goes back to the bench.'],
      ['Pack and post', 'In the right size of box, with tracking. The post office is across the street.'],
      ['Use it for a month', 'If it is not right, send it back with the same box. We pay.'],
    ],
  },
  schedule: {
    heading: 'Where to find us in person',
    days: [
      [
        'This season',
        [
          ['First Sat', 'Open workroom', 'Seconds at half price, from ten'],
          ['Sun 9:00', 'Market on the square', 'Third stall from the fountain'],
        ],
      ],
      [
        'Later in the year',
        [
          ['15 November', 'Last day for engraving', 'If it is meant for December'],
          ['18 December', 'Last post', 'To arrive before the holidays'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'Notes from parcels',
    items: [
      [
        'I have had mine for four years. One part wore out, and they sent a new one with a drawing of how to fit it.',
        'Nkechi Obi',
        'number 417',
      ],
      ['It arrived in a box so exactly the right size that I kept the box.', 'Ewan Fraser', 'number 1,203'],
      ['We sell forty shops’ worth of things. This is the one customers come back to show us.', 'Margot Devereux', 'shop owner'],
    ],
  },
  team: {
    heading: 'Both of us, and help on Fridays',
    items: [
      ['Rhea Kapoor', 'Making', 'Still uses the first one.'],
      ['Tomasz Zieliński', 'Packing and post', 'Guesses weights to the gram.'],
      ['Juliana Reyes', 'Fridays', 'Handwriting on the gift cards.'],
    ],
  },
  posts: {
    heading: 'From the workroom',
    items: [
      ['What changed in batch 31', 'A softer edge, a stronger joint, and a colour we took out again.', '5 October', 'Making'],
      ['The price, taken apart', 'Material, hours, box, post, rent: what the ¤38 is made of.', '12 June', 'Prices'],
      ['Nine sizes of box', 'How we stopped shipping air, and what it saved in a year.', '27 February', 'Packing'],
    ],
  },
  faq: {
    heading: 'Orders and returns',
    items: [
      [
        'When will my order arrive?',
        'Ordered before noon, it leaves the same day and takes two to three working days. You get a tracking number.',
      ],
      ['Can I send it back?', 'Within thirty days, for any reason, in the same box. We pay the postage and refund you the day it arrives.'],
      ['Do you post abroad?', 'Yes, to most countries. Neighbouring countries take three to six days; further away, up to two weeks.'],
      [
        'What if it breaks?',
        'Write with the number underneath and a photograph. We repair it or send a part, free, for as long as we are here.',
      ],
      [
        'Do you sell to shops?',
        'From twelve pieces, with a display card. Write to us with a picture of your shop; we like to see where things go.',
      ],
    ],
  },
  letter: [
    'When the next batch is ready',
    'Five or six short letters a year: what is new, what is gone, and how many there are.',
    'Write to join',
  ],
  contact: ['Write to the shop', 'To order, to ask, or to tell us what should be better. Rhea or Tomasz answers within a day.'],
  visit: [
    'The workroom door',
    'Collect an order or look at the shelf. Seconds are in the crate by the window.',
    'Across from the post office, first floor. The hook with orders is on the left.',
  ],
  hours: [
    ['Tuesday to Friday', '10:00–17:00'],
    ['First Saturday', '10:00–14:00'],
  ],
};
