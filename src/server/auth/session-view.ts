import { z } from 'zod';
import type { SignedIn } from './sessions.ts';

/** Who is signed in, as the API says it. */
export const SessionView = z.object({
  user: z.object({ id: z.string(), username: z.string(), createdAt: z.iso.datetime() }),
  session: z.object({ id: z.string(), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime() }),
});

export function viewSession({ user, session }: SignedIn): z.infer<typeof SessionView> {
  return {
    user: { id: user.id, username: user.username, createdAt: user.createdAt.toISOString() },
    session: { id: session.id, createdAt: session.createdAt.toISOString(), expiresAt: session.expiresAt.toISOString() },
  };
}
