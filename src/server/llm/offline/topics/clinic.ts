import type { Topic } from './topic.ts';

export const CLINIC: Topic = {
  id: 'clinic',
  noun: 'health practice',
  words: [
    'clinic',
    'doctor',
    'doctors',
    'dentist',
    'dental',
    'dental clinic',
    'dental practice',
    'dentistry',
    'orthodontist',
    'physio',
    'physiotherapy',
    'physiotherapist',
    'physical therapy',
    'physical therapist',
    'osteopath',
    'chiropractor',
    'medical practice',
    'medical centre',
    'medical center',
    'health centre',
    'health center',
    'health practice',
    'gp',
    'general practitioner',
    'paediatrician',
    'pediatrician',
    'dermatologist',
    'gynaecologist',
    'midwife',
    'psychologist',
    'psychotherapist',
    'therapist',
    'psychotherapy',
    'optician',
    'pharmacy',
    'hospital',
    'patient',
    'medical',
  ],
  names: ['Linden Practice', 'Harbour Health', 'The Corner Surgery', 'Ferry Street Practice', 'Northlight Clinic'],
  palettes: ['sky', 'teal', 'sea', 'mint', 'navy'],
  types: ['modern', 'friendly', 'classic'],
  layouts: ['split', 'product', 'centered'],
  backdrops: ['hills', 'arch', 'blocks'],
  still: ['stethoscope', 'heart', 'tooth'],
  sections: ['features', 'steps', 'team', 'story', 'menu', 'faq', 'testimonials', 'visit', 'contact'],
  labels: { features: 'Care', steps: 'Your visit', menu: 'Fees', team: 'Who we are', visit: 'Hours and way' },
  tagline: 'Doctor, dentist and physio{in}, under one roof.',
  headlines: ['Time for the whole story', 'Care with a name on the door', 'Seen on time, explained in plain words'],
  intros: [
    'A small practice{in}: two doctors, a dentist and two physiotherapists who share a corridor and talk to each other. Appointments last twenty minutes, not seven.',
    '{name} looks after families, teeth and bad backs. You see the same person each time, and you leave knowing what happens next.',
  ],
  action: ['Ask for an appointment', 'contact'],
  second: ['Hours and directions', 'visit'],
  facts: [
    ['Appointment', '20 minutes'],
    ['Same-day slots', '8:00–9:00'],
    ['Languages', '6'],
  ],
  features: {
    heading: 'What you can come for',
    text: 'Not sure which door is yours? Describe it in a sentence and we will tell you.',
    items: [
      [
        'Family doctor',
        'Check-ups, vaccinations, long-term conditions, and the cough that will not leave. From newborns to great-grandparents.',
        'stethoscope',
      ],
      ['Dentist', 'Check-ups, fillings, cleaning and crowns. We show you the picture before we touch the tooth.', 'tooth'],
      [
        'Physiotherapy',
        'Backs, knees, shoulders, and the weeks after an operation. Hands-on first, then exercises you will actually do.',
        'mat',
      ],
      ['Heart and blood pressure', 'ECG, 24-hour monitors and blood tests here, results by phone within two working days.', 'heart'],
      [
        'Children',
        'Wednesday afternoons are for them: low chairs, warm hands, nobody in a hurry. The dentist counts teeth aloud.',
        'blocks',
      ],
      ['Home visits', 'For patients who cannot come to us, within five kilometres. Thursdays after lunch.', 'bicycle'],
    ],
  },
  story: {
    heading: 'Three professions, one kitchen',
    paragraphs: [
      'Dr Mehta took over the practice from a doctor who had been here for thirty-four years and left her a drawer of handwritten cards. She read all of them before she opened.',
      'Many of the cards said “headache”. Some of those turned out to be teeth, others necks. So she rented the rooms next door and asked a dentist and a physiotherapist to share the corridor.',
      'We eat lunch at one table and, with your permission, discuss what we see. It saves a good many referrals, and people tell us it saves them explaining everything three times.',
    ],
    signature: 'Dr Anjali Mehta and colleagues',
    motifs: ['stethoscope', 'monstera'],
  },
  gallery: {
    heading: 'Inside the practice',
    items: [
      ['chair', 'The waiting room', 'Eleven chairs, rarely more than three taken'],
      ['stethoscope', 'Room one', 'Dr Mehta, with a view of the lime tree'],
      ['tooth', 'Room three', 'The chair faces the window, not the lamp'],
      ['mat', 'The exercise room', 'Bars, balls and a very patient skeleton'],
      ['books', 'The low shelf', 'Picture books in six languages'],
      ['monstera', 'At the desk', 'Watered by Mr Oyelaran since day one'],
    ],
  },
  menu: {
    heading: 'What it costs',
    text: 'We bill public and most private insurers directly. These are the prices if you pay yourself.',
    groups: [
      [
        'Doctor',
        [
          ['Appointment', 'Twenty minutes, with a written summary', '¤60'],
          ['Health check', 'Forty minutes, blood tests and ECG included', '¤145'],
          ['Certificate', 'For work, sport or travel', '¤25'],
        ],
      ],
      [
        'Dentist',
        [
          ['Check-up', 'With pictures where needed', '¤55'],
          ['Cleaning', 'Forty-five minutes with the hygienist', '¤85'],
          ['Filling', 'Depending on size; you know before we begin', 'from ¤95'],
        ],
      ],
      [
        'Physiotherapy',
        [
          ['First session', 'Fifty minutes, with assessment and plan', '¤75'],
          ['Following sessions', 'Thirty minutes', '¤48'],
          ['Home visit', 'Within five kilometres', '¤80'],
        ],
      ],
    ],
  },
  pricing: {
    heading: 'Paying yourself',
    text: 'For patients without insurance cover. Each price is the whole price.',
    action: 'Ask about this',
    plans: [
      [
        'One visit',
        '¤60',
        'per appointment',
        'For something in particular.',
        ['Twenty minutes with a doctor', 'A written summary to take home', 'One follow-up call included'],
      ],
      [
        'Health check',
        '¤145',
        'once a year',
        'For a clear picture.',
        ['Forty minutes and an examination', 'Blood tests and ECG', 'Results explained in person'],
      ],
      [
        'Back on your feet',
        '¤265',
        'six sessions',
        'For an injury or an operation.',
        ['Assessment of fifty minutes', 'Five physiotherapy sessions', 'A plan you can keep on the fridge'],
      ],
    ],
  },
  steps: {
    heading: 'How a visit goes',
    text: 'The average wait last year was six minutes. We count.',
    items: [
      ['Write or call', 'A sentence is enough. Pain, fever and anything about a child come first.'],
      ['Arrive', 'Ten minutes early the first time, with your card and a list of what you take.'],
      ['Talk', 'You first. The questions and the examination come after.'],
      ['Go home knowing', 'A page with what we found, what to do, and when to call again.'],
    ],
  },
  schedule: {
    heading: 'Who is in, and when',
    days: [
      [
        'Monday to Wednesday',
        [
          ['8:00', 'Same-day hour', 'Come without an appointment until nine'],
          ['9:00', 'Doctors', 'Dr Mehta and Dr Lim, by appointment'],
          ['10:00', 'Dentist', 'Dr Haile, until six'],
          ['Wed 14:00', 'Children', 'Doctor and dentist, until five'],
        ],
      ],
      [
        'Thursday and Friday',
        [
          ['8:00', 'Same-day hour', 'As above'],
          ['9:00', 'Physiotherapy', 'Both rooms, until seven on Thursdays'],
          ['Thu 13:00', 'Home visits', 'Dr Lim, by bicycle'],
          ['Fri 14:00', 'Vaccinations', 'Fifteen minutes each, no examination needed'],
        ],
      ],
    ],
  },
  quotes: {
    heading: 'From our patients',
    items: [
      [
        'She drew my knee on a piece of paper and I finally understood what three scans had not told me.',
        'Paulo Teixeira',
        'physiotherapy patient',
      ],
      [
        'My son used to hide under the dentist’s chair. Now he asks when he can go and have his teeth counted.',
        'Marieke de Boer',
        'mother of two',
      ],
      [
        'I had twenty minutes, used nine, and was asked whether there was anything else. There was.',
        'Tariq Hussain',
        'patient since spring',
      ],
    ],
  },
  team: {
    heading: 'The people in white, and Mr Oyelaran',
    text: 'You choose whom you see, and you can change your mind.',
    items: [
      ['Dr Anjali Mehta', 'Family doctor', 'Trained in Pune and Leeds. Internal medicine, long-term conditions.'],
      ['Dr Selam Haile', 'Dentist', 'Fifteen years of frightened patients, most of whom came back.'],
      ['Jakub Novotný', 'Physiotherapist', 'Shoulders and backs. Will notice how you sit.'],
      ['Femi Oyelaran', 'Front desk', 'The voice on the phone. Finds a slot when there is none.'],
    ],
  },
  posts: {
    heading: 'Plainly put',
    items: [
      ['When a fever needs a doctor', 'By age, in one table you can print and tape inside a cupboard.', '6 November', 'Children'],
      ['Grinding your teeth at night', 'Why the jaw and the neck are usually both to blame, and what helps first.', '19 August', 'Teeth'],
      ['Six minutes for a stiff back', 'Four exercises Jakub gives nearly everyone, with drawings.', '27 March', 'Movement'],
    ],
  },
  faq: {
    heading: 'Good to know',
    items: [
      [
        'Are you taking new patients?',
        'Yes. Doctors have a first appointment within about ten days, the dentist within three weeks. Urgent cases are seen the same day.',
      ],
      [
        'What if I need help right now?',
        'Come between 8:00 and 9:00 without an appointment. If it may be life-threatening, call the emergency number first, not us.',
      ],
      [
        'Which insurance do you accept?',
        'All public insurers and most private ones, billed directly. If you pay yourself, you hear the price before we begin.',
      ],
      [
        'I am afraid of the dentist. What can you do?',
        'Say so when you book. We plan double the time, agree on a hand signal, and the first visit can be just a talk.',
      ],
      [
        'How do I get a repeat prescription?',
        'Write before noon and collect it, or have it sent to your pharmacy, after four the same day.',
      ],
    ],
  },
  letter: ['Four letters a year', 'When to vaccinate, what is going round, when we are away. Nothing else.', 'Write to join'],
  contact: [
    'Ask for an appointment',
    'Tell us what it is about in a sentence and which days suit. Please keep medical details for the visit.',
  ],
  visit: [
    'Hours and the way here',
    'Same-day hour from 8:00 to 9:00 on weekdays; everything else by appointment.',
    'Ground floor, no steps, wide doors. The bus stops outside; two parking spaces are kept for patients who need them.',
  ],
  hours: [
    ['Monday to Wednesday', '8:00–18:00'],
    ['Thursday', '8:00–19:00'],
    ['Friday', '8:00–16:00'],
    ['Weekend', 'Closed'],
  ],
};
