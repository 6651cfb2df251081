import type { SectionKind } from '../sections/section.ts';
import { TEMPLATES } from '../sections/templates.ts';
import { sectionTag } from './page-source.ts';

/**
 * Edits of a page's source, a line at a time, so that what a person wrote in it by hand stays. A section is one line: `<Pricing {...home.pricing} />`.
 */

/** Sections of a page, top to bottom. */
export function sectionsOnPage(source: string): SectionKind[] {
  return tagLines(source.split('\n')).map(({ kind }) => kind);
}

/** @param before The section it goes in front of; without it the section goes last. */
export function insertSection(source: string, kind: SectionKind, data: string, before?: SectionKind): string {
  const lines = source.split('\n');
  const tags = tagLines(lines);
  const next = tags.find((tag) => tag.kind === before);
  const at = next?.line ?? (tags.at(-1)?.line ?? lines.findIndex((line) => line.includes('</main>')) - 1) + 1;
  const indent = /^\s*/.exec(lines[next?.line ?? tags.at(-1)?.line ?? at] ?? '    ')![0];
  lines.splice(at, 0, indent + sectionTag(kind, data));
  return withImport(lines, TEMPLATES[kind].component).join('\n');
}

export function removeSection(source: string, kind: SectionKind): string {
  const { component } = TEMPLATES[kind];
  const lines = source.split('\n').filter((line) => !isTag(line, component));
  return (lines.some((line) => line.includes(`<${component}`)) ? lines : lines.filter((line) => !isImport(line, component))).join('\n');
}

/** Puts the sections' lines in this order; the rest of the page stays where it is. */
export function reorderSections(source: string, order: readonly SectionKind[]): string {
  const lines = source.split('\n');
  const tags = tagLines(lines);
  const texts = order.map((kind) => lines[tags.find((tag) => tag.kind === kind)!.line]!);
  tags.forEach((tag, index) => (lines[tag.line] = texts[index]!));
  return lines.join('\n');
}

function tagLines(lines: readonly string[]): { kind: SectionKind; line: number }[] {
  const kinds = Object.keys(TEMPLATES) as SectionKind[];
  return lines.flatMap((text, line) => {
    const kind = kinds.find((entry) => isTag(text, TEMPLATES[entry].component));
    return kind ? [{ kind, line }] : [];
  });
}

const isTag = (line: string, component: string) => new RegExp(String.raw`^\s*<${component}\b[^<]*/>\s*$`).test(line);
const isImport = (line: string, component: string) => new RegExp(String.raw`^import ${component} from `).test(line);

function withImport(lines: string[], component: string): string[] {
  if (lines.some((line) => isImport(line, component))) return lines;
  const statement = `import ${component} from '../components/${component}.astro';`;
  const after = lines.findIndex((line) => /^import .*\/components\//.test(line) && line > statement);
  const at = after >= 0 ? after : lines.findIndex((line) => /^import .*\/(?:content|layouts)\//.test(line));
  return [...lines.slice(0, Math.max(1, at)), statement, ...lines.slice(Math.max(1, at))];
}
