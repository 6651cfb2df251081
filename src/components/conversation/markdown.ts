import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: false, typographer: false });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['p', 'br', 'hr', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'],
    ...['h2', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div'],
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel', 'target'],
    ol: ['start'],
    div: ['class', 'tabindex', 'role', 'aria-label'],
    pre: ['tabindex'],
  },
  allowedClasses: { div: ['table'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: {},
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  transformTags: {
    // A relative link would lead into the app itself. A span is not allowed, so only its words stay.
    a: (tagName, attributes) => ({
      tagName: /^(https?:|mailto:)/i.test(attributes['href'] ?? '') ? tagName : 'span',
      attribs: { ...attributes, rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
    // An answer may begin with any level; under the page's h1 only h2 never skips one.
    ...Object.fromEntries(['h1', 'h3', 'h4', 'h5', 'h6'].map((level) => [level, 'h2'])),
  },
};

// Wide content scrolls inside its own box, which the keyboard must reach.
markdown.renderer.rules['table_open'] = () => '<div class="table" tabindex="0" role="region" aria-label="Table"><table>';
markdown.renderer.rules['table_close'] = () => '</table></div>';
markdown.renderer.rules['image'] = (tokens, index) => markdown.utils.escapeHtml(tokens[index]?.content ?? '');
const code = (content: string) => `<pre tabindex="0"><code>${markdown.utils.escapeHtml(content)}</code></pre>`;
markdown.renderer.rules['fence'] = (tokens, index) => code(tokens[index]?.content ?? '');
markdown.renderer.rules['code_block'] = (tokens, index) => code(tokens[index]?.content ?? '');

/**
 * HTML of the agent's Markdown, safe to put on a page: no raw HTML, no pictures (their alternative text stays),
 * no links but http, https and mailto, and those without referrer or opener.
 */
export function renderMarkdown(text: string): string {
  return sanitizeHtml(markdown.render(text), allowed);
}
