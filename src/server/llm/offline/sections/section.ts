/** The structures a site can have. Each section comes in the variant that suits. */
export const LAYOUTS = ['split', 'centered', 'editorial', 'poster', 'product', 'mosaic'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Sections a page can hold, by the key of their content and their anchor. */
export const SECTION_KINDS = [
  'hero',
  'features',
  'story',
  'menu',
  'gallery',
  'pricing',
  'steps',
  'schedule',
  'testimonials',
  'team',
  'posts',
  'faq',
  'visit',
  'newsletter',
  'contact',
  'banner',
] as const;
export type SectionKind = (typeof SECTION_KINDS)[number];

/** The source of one section's component. */
export interface SectionTemplate {
  /** File name without `.astro`. */
  component: string;
  /** By layout; `standard` serves the others. Sources contain no template-literal syntax. */
  sources: { standard: string } & Partial<Record<Layout, string>>;
}

export const sourceFor = (template: SectionTemplate, layout: Layout) => (template.sources[layout] ?? template.sources.standard).trimStart();
