import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import codeStyles from '../styles/code.css?inline';
import { languageOf } from './code-languages.ts';
import { codeTheme } from './code-theme.ts';

export interface CodeView {
  /** Shows another text, with a history of its own. @param line From 1; scrolled to. */
  open(path: string, text: string, line?: number): void;
  text(): string;
  /** Replaces the text as one step that can be undone. */
  replace(text: string): void;
  /** Marks what is different from `theirs`, line by line, each with buttons to take or keep; undefined ends it. */
  compare(theirs: string | undefined): Promise<void>;
  goTo(line: number): void;
  focus(): void;
  destroy(): void;
}

export interface CodeViewEvents {
  onEdit(): void;
  onSave(): void;
}

/**
 * CodeMirror in a shadow root: there it uses constructed style sheets, which the content security policy allows, instead of
 * `<style>` elements, which it refuses.
 */
export function createCodeView(mount: HTMLElement, { onEdit, onSave }: CodeViewEvents): CodeView {
  const root = mount.shadowRoot ?? mount.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(codeStyles);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren();
  const language = new Compartment();
  const comparison = new Compartment();
  let openings = 0;

  const save = () => {
    onSave();
    return true;
  };
  const view = new EditorView({ root, parent: root });

  function stateOf(path: string, text: string): EditorState {
    const isWindows = text.includes('\r\n');
    return EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: 'Mod-s', preventDefault: true, run: save }]),
        editing,
        language.of([]),
        comparison.of([]),
        isWindows ? EditorState.lineSeparator.of('\r\n') : [],
        EditorView.contentAttributes.of({
          'aria-label': `Text of ${path}. Press Escape, then Tab, to leave it.`,
          spellcheck: 'false',
          tabindex: '0',
        }),
        EditorView.updateListener.of(({ docChanged }) => docChanged && onEdit()),
      ],
    });
  }

  return {
    open(path, text, line) {
      const opening = ++openings;
      view.setState(stateOf(path, text));
      void languageOf(path).then((support) => {
        if (opening === openings) view.dispatch({ effects: language.reconfigure(support) });
      });
      if (line) this.goTo(line);
    },
    text: () => view.state.sliceDoc(),
    replace(text) {
      const { length } = view.state.doc;
      view.dispatch({ changes: { from: 0, to: length, insert: view.state.toText(text) } });
    },
    async compare(theirs) {
      if (theirs === undefined) return view.dispatch({ effects: comparison.reconfigure([]) });
      const { unifiedMergeView } = await import('@codemirror/merge');
      const merge = unifiedMergeView({ original: theirs, mergeControls: mergeButton, syntaxHighlightDeletions: true });
      view.dispatch({ effects: comparison.reconfigure(merge) });
    },
    goTo(line) {
      const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function mergeButton(kind: 'accept' | 'reject', action: (event: MouseEvent) => void): HTMLElement {
  const textContent = kind === 'accept' ? 'Keep mine' : 'Take theirs';
  const button = Object.assign(document.createElement('button'), { type: 'button', name: kind, textContent });
  button.addEventListener('click', action);
  return button;
}

const editing: Extension = [
  lineNumbers(),
  foldGutter(),
  highlightActiveLineGutter(),
  highlightActiveLine(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightSelectionMatches(),
  EditorView.lineWrapping,
  EditorState.tabSize.of(2),
  syntaxHighlighting(classHighlighter),
  codeTheme,
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
];
