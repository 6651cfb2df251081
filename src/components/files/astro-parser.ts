import { NodeSet, NodeType, parseMixed, Parser, Tree } from '@lezer/common';
import type { Input, NodePropSource, PartialParse, ParseWrapper, TreeFragment } from '@lezer/common';
import { styleTags, tags } from '@lezer/highlight';

const FENCE = 1;
const SCRIPT = 2;
const MARKUP = 3;

interface Parts {
  /** Of what is between the fences. */
  script: Parser;
  /** Of the rest. */
  markup: Parser;
}

/** The parser of Astro components: TypeScript between two `---`, then markup. Nobody keeps a Lezer grammar for them. */
export function createAstroParser(parts: Parts, ...props: NodePropSource[]): Parser {
  const names = ['Document', 'Fence', 'Script', 'Markup'];
  const types = names.map((name, id) => NodeType.define({ id, name, top: id === 0 }));
  const set = new NodeSet(types).extend(styleTags({ Fence: tags.meta }), ...props);
  const nest = parseMixed((node) => {
    if (node.name === 'Script') return { parser: parts.script };
    return node.name === 'Markup' ? { parser: parts.markup } : null;
  });
  return new AstroParser(set, nest);
}

class AstroParser extends Parser {
  readonly #set: NodeSet;
  readonly #nest: ParseWrapper;

  constructor(set: NodeSet, nest: ParseWrapper) {
    super();
    this.#set = set;
    this.#nest = nest;
  }

  override createParse(input: Input, fragments: readonly TreeFragment[], ranges: readonly { from: number; to: number }[]): PartialParse {
    return this.#nest(new OuterParse(this.#set, input), input, fragments, ranges);
  }
}

/** Splits a component at its fences, in one step: the parts have parsers of their own. */
class OuterParse implements PartialParse {
  parsedPos = 0;
  stoppedAt: number | null = null;
  readonly #set: NodeSet;
  readonly #input: Input;

  constructor(set: NodeSet, input: Input) {
    this.#set = set;
    this.#input = input;
  }

  stopAt(pos: number): void {
    this.stoppedAt = pos;
  }

  advance(): Tree {
    const end = Math.min(this.stoppedAt ?? this.#input.length, this.#input.length);
    const parts = splitComponent(this.#input.read(0, end));
    this.parsedPos = end;
    const leaf = (part: Part) => new Tree(this.#set.types[part.type] as NodeType, [], [], part.to - part.from);
    return new Tree(
      this.#set.types[0] as NodeType,
      parts.map(leaf),
      parts.map(({ from }) => from),
      end,
    );
  }
}

interface Part {
  type: number;
  from: number;
  to: number;
}

/** Empty parts are left out: a node without length has nothing to parse. */
function splitComponent(text: string): Part[] {
  const opening = /^\s*---(?=\r?\n|$)/.exec(text);
  if (!opening) return [{ type: MARKUP, from: 0, to: text.length }].filter(isSomething);
  const from = opening[0].length;
  const closing = /\n---/.exec(text.slice(from));
  const to = closing ? from + closing.index + 1 : text.length;
  const after = closing ? to + 3 : text.length;
  return [
    { type: FENCE, from: from - 3, to: from },
    { type: SCRIPT, from, to },
    { type: FENCE, from: to, to: after },
    { type: MARKUP, from: after, to: text.length },
  ].filter(isSomething);
}

const isSomething = ({ from, to }: Part) => to > from;
