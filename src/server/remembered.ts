const MOST = 1_000;

/**
 * Remembers the answers to what depends on nothing but the question. All are forgotten when they are a thousand: the questions
 * may be strangers'.
 */
export function remembered<Key, T>(answer: (key: Key) => T): (key: Key) => T {
  const known = new Map<Key, { value: T }>();
  return (key) => {
    const before = known.get(key);
    if (before) return before.value;
    if (known.size >= MOST) known.clear();
    const value = answer(key);
    known.set(key, { value });
    return value;
  };
}
