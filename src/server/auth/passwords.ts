import { hash, verify } from '@node-rs/argon2';

/** argon2id is the library's default algorithm (its enum is ambient, unusable under `erasableSyntaxOnly`). OWASP's second profile. */
const parameters = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Random bytes in the shape of a hash with our parameters: no password matches it, and checking one takes as long as a real one. */
const NOBODYS_HASH = '$argon2id$v=19$m=19456,t=2,p=1$lcRB8qC2zCpRhVnHf1yFSA$pDMmJE0FmjYPpZ2dGvRLqGbYbkQSyGpy6qXHvOiY3nI';

const AT_ONCE = 2;

export interface Passwords {
  /** @param stillWanted Asked when its turn has come; false spares the work and gives undefined. */
  hash(password: string, stillWanted: () => boolean): Promise<string | undefined>;
  /** @param storedHash undefined when the user is unknown: the same work is done and the answer is false. */
  verify(storedHash: string | undefined, password: string): Promise<boolean>;
}

/** Hashes and checks passwords with argon2id, at most two at once so that a burst cannot take all memory and cores. */
export function createPasswords(): Passwords {
  const inTurn = createTurnstile(AT_ONCE);
  return {
    hash: (password, stillWanted) => inTurn(async () => (stillWanted() ? await hash(password.normalize('NFC'), parameters) : undefined)),
    verify: async (storedHash, password) => {
      const matches = await inTurn(() => verify(storedHash ?? NOBODYS_HASH, password.normalize('NFC')));
      return matches && storedHash !== undefined;
    },
  };
}

function createTurnstile(places: number) {
  let free = places;
  const waiting: (() => void)[] = [];
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
