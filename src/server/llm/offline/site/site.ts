import type { Theme } from '../design/stylesheet.ts';
import type { Layout, SectionKind } from '../sections/section.ts';

export interface Link {
  label: string;
  href: string;
}

/** `src/content/site.json`: what every page shares. */
export interface SiteContent {
  name: string;
  tagline: string;
  contact: { email: string; phone: string; address: string };
  hours: { days: string; time: string }[];
  nav: Link[];
  action?: Link;
  /** How the site was composed, for the next change; gone when someone removed it. */
  design?: Design;
}

export interface Design {
  topic: string;
  subject: string;
  place?: string;
  layout: Layout;
  palette: string;
  type: string;
  theme: Theme;
  /** What the pictures were drawn from. */
  seed: string;
}

/** `src/content/<page>.json`: title, description and the content of each section, by its key. */
export type PageContent = { title: string; description: string } & { [section: string]: unknown };

export interface PictureFile {
  name: string;
  svg: string;
}

export interface SectionContent {
  kind: SectionKind;
  content: Record<string, unknown>;
  pictures: PictureFile[];
}

/** A file of the site, its path relative to the workspace. */
export interface SiteFile {
  path: string;
  content: string;
}
