import type { Topic } from './topic.ts';

export const PODCAST: Topic = {
  id: 'podcast',
  noun: 'podcast',
  words: [
    'podcast',
    'podcaster',
    'podcasting',
    'episode',
    'radio',
    'radio show',
    'radio station',
    'audio',
    'audio series',
    'audio documentary',
    'interview show',
    'talk show',
    'show notes',
    'weekly show',
    'listener',
    'podcast studio',
    'audiobook',
    'youtube channel',
    'video series',
  ],
  names: ['Slow Signal', 'The Long Way Round', 'Kitchen Radio', 'Half an Hour', 'Window Seat'],
  palettes: ['plum', 'marigold', 'cobalt', 'ink', 'teal', 'rose'],
  types: ['lively', 'statement', 'technical', 'friendly'],
  layouts: ['poster', 'centered', 'mosaic', 'split'],
  backdrops: ['sun', 'blocks', 'tiles', 'town'],
  still: ['microphone', 'headphones', 'wave'],
  sections: ['posts', 'features', 'story', 'team', 'testimonials', 'schedule', 'newsletter', 'contact'],
  labels: { posts: 'Episodes', features: 'The show', team: 'Hosts', schedule: 'Live', pricing: 'Support us', newsletter: 'Letter' },
  tagline: 'One conversation every other Thursday, thirty-five minutes long.',
  headlines: ['Long enough to matter, short enough for the dishes', 'We ask one more question', 'Stories worth missing your stop for'],
  intros: [
    'Every other Thursday {name} talks{in} with someone who knows one thing very well: how they learnt it, what went wrong, what they would tell you over dinner.',
    'Thirty-five minutes, one guest, no shouting. {name} records at a kitchen table{in} and puts a new episode out every other Thursday at six.',
  ],
  action: ['Latest episodes', 'posts'],
  second: ['About the show', 'story'],
  facts: [
    ['New episode', 'Every other Thursday'],
    ['Length', '35 minutes'],
    ['So far', '94 episodes'],
  ],
  features: {
    heading: 'What you will hear',
    text: 'Four kinds of episode, in no fixed order.',
    items: [
      ['Conversations', 'One guest, one table, two microphones. Lockkeepers, judges, a woman who tunes church bells.', 'microphone'],
      ['Walks', 'Recorded outdoors with someone who sees more than we do. Expect gravel and the odd dog.', 'compass'],
      ['Listeners’ questions', 'You send a voice message, we find the person who can answer it. Sometimes it takes a year.', 'letter'],
      ['Archive', 'An old recording, and a call to someone who was in the room when it was made.', 'record'],
      ['Full transcripts', 'Every episode in writing, corrected by hand, for people who read better than they hear.', 'papers'],
      ['No autoplay adverts', 'One sponsor at most, read by us at the start, and only if we use the thing.', 'headphones'],
    ],
  },
  story: {
    heading: 'Recorded between fridge and window',
    paragraphs: [
      'The first episode was meant to be a phone call. Our guest, a retired lighthouse keeper, did not like phones and came by with a cake, so we put two microphones on the kitchen table and switched off the fridge.',
      'We still switch off the fridge. There is a note on the kettle that says “turn it back on”, because of the summer of the melted peas.',
      '94 episodes later, about eleven thousand people listen. Guests get the questions beforehand, and nobody is interrupted for the sake of it.',
    ],
    signature: 'Nia and Bastian',
    motifs: ['microphone', 'mug'],
  },
  gallery: {
    heading: 'Behind the recordings',
    items: [
      ['microphone', 'The table', 'Two microphones, one crumb-free zone'],
      ['lighthouse', 'Episode 1', 'He brought lemon cake'],
      ['bicycle', 'On location', 'All the equipment fits in two bags'],
      ['wave', 'The edit', 'Five hours for thirty-five minutes'],
      ['stage', 'Live, once a season', '120 chairs and a piano'],
      ['letter', 'Your post', 'Read aloud when we may'],
    ],
  },
  pricing: {
    heading: 'Keep it going',
    text: 'The show is free. About 600 listeners pay for it, and that covers the year.',
    action: 'Support the show',
    plans: [
      ['Listener', '¤0', '', 'For everyone, always.', ['Every episode and transcript', 'No account', 'Voice messages welcome']],
      [
        'Friend',
        '¤4',
        'a month',
        'For those who wait for Thursdays.',
        ['Episodes two days early', 'The uncut last ten minutes', 'Your name in the credits, once'],
      ],
      [
        'Patron',
        '¤12',
        'a month',
        'For those who want more of them.',
        ['Everything before', 'Two seats at the live evening', 'A vote on one guest a year'],
      ],
    ],
  },
  steps: {
    heading: 'How an episode is made',
    items: [
      ['A question', 'From us or from you. It has to survive two weeks on the fridge door.'],
      ['A guest', 'We look for the person who does it, rather than the one who talks about it.'],
      ['The table', 'Ninety minutes of tape, fridge off. Guests can ask for anything to be cut.'],
      ['The edit', 'Five hours, two pairs of ears, one final listen while washing up.'],
    ],
  },
  schedule: {
    heading: 'Live and on the road',
    text: 'Tickets at the door, free for anyone under 25.',
    days: [
      [
        'This season',
        [
          ['Thu 19:30', 'The bell tuner', 'Live in a chapel, with four bells'],
          ['Sat 11:00', 'A walk along the canal', 'Recording with twenty listeners; bring shoes'],
        ],
      ],
      [
        'Next season',
        [
          ['Fri 20:00', 'Episode 100', 'Every guest who can make it, and cake'],
          ['Sun 15:00', 'Bring your tape', 'Old family recordings, played and talked about'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'Voice messages, written down',
    items: [
      [
        'I sat in the car outside my own house for twenty minutes to hear the end of the judge episode.',
        'Oluchi Nnamdi',
        'listens on the way home',
      ],
      ['My son fell asleep and I kept listening in the dark. It was about sand. Sand, of all things.', 'Peter Vogel', 'since episode 12'],
      ['You let him be quiet for eleven seconds. Anyone else would have cut it.', 'Graça Antunes', 'retired radio editor'],
    ],
  },
  team: {
    heading: 'Who makes it',
    items: [
      ['Nia Campbell', 'Host', 'Asks the first question, and the one after the last.'],
      ['Bastian Roth', 'Host and editor', 'Switches off the fridge.'],
      ['Thuy Le', 'Research', 'Finds the lockkeepers.'],
      ['Simão Braga', 'Music', 'Every sound you hear between two voices.'],
    ],
  },
  posts: {
    heading: 'Latest episodes',
    text: 'Wherever you get podcasts, or here with transcripts.',
    items: [
      [
        '94. The woman who tunes bells',
        'A bell cannot be made higher, only lower. Margit Szabó on taking away three grams too many.',
        '22 May · 37 min',
        'Conversation',
      ],
      [
        '93. Where does the sand come from?',
        'A question by Leo, aged seven. Answered on a barge by a man who has moved four million tonnes of it.',
        '8 May · 31 min',
        'Question',
      ],
      [
        '92. Thirty years of verdicts',
        'Judge Ama Darko on the one sentence she would take back, and the way people walk into a room.',
        '24 April · 41 min',
        'Conversation',
      ],
      [
        '91. Along the border ditch',
        'A walk with a surveyor who finds stones that two villages have argued about since 1802.',
        '10 April · 34 min',
        'Walk',
      ],
      [
        '90. The tape in the attic',
        'Nine minutes from 1961: a birthday, a thunderstorm, and the voice of somebody who was thought to be away.',
        '27 March · 36 min',
        'Archive',
      ],
      [
        '89. How to be lost',
        'A mountain rescuer on the first ten minutes, which decide most things, and why people walk downhill.',
        '13 March · 33 min',
        'Conversation',
      ],
    ],
  },
  faq: {
    heading: 'Asked by listeners',
    items: [
      ['Where can I listen?', 'In any podcast app, or here on the page. There is no app of our own and no account.'],
      [
        'How do I suggest a guest?',
        'Write two lines about the person and the question you would ask. We read all of them and have recorded nineteen.',
      ],
      ['May I use an episode in class?', 'Please do. The transcripts are free to copy, and we gladly answer your pupils’ questions.'],
      ['Do you take sponsors?', 'One per episode, if we use the thing ourselves. We read the text in our own words and say what it paid.'],
      ['Why only every other week?', 'Because five hours of editing, two jobs and a child fit into a fortnight, and not into a week.'],
    ],
  },
  letter: [
    'The Thursday letter',
    'With each new episode: a photograph of the table, three links, and what we had to cut.',
    'Write to join',
  ],
  contact: ['Send us a question', 'By voice message or in writing. If we find the person who knows, you will hear it on the show.'],
  visit: [
    'Sit in on a recording',
    'Twice a season there are four chairs along the kitchen wall. Write to ask for one.',
    'Fourth floor, no lift; the cake is at the top.',
  ],
  hours: [
    ['New episodes', 'Every other Thursday, 6:00'],
    ['Live evenings', 'Once a season'],
  ],
};
