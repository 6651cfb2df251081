import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface ProjectTokens {
  /** The project's token; the same one until it is revoked, so that a running agent keeps working. */
  issue(projectId: string): string;
  revoke(projectId: string): void;
  /** Whose token an `Authorization` header carries. */
  projectOf(authorization: string | undefined): string | undefined;
}

/** Bearer tokens of the agents, one a project, in memory only: a new process issues new ones. */
export function createProjectTokens(): ProjectTokens {
  const tokens = new Map<string, { token: string; hash: Buffer }>();
  return {
    issue(projectId) {
      const known = tokens.get(projectId);
      if (known) return known.token;
      const token = randomBytes(32).toString('base64url');
      tokens.set(projectId, { token, hash: hashOf(token) });
      return token;
    },
    revoke: (projectId) => void tokens.delete(projectId),
    projectOf(authorization) {
      const token = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) return undefined;
      const hash = hashOf(token);
      let owner: string | undefined;
      // Every entry is compared, so that the time tells nothing about which one matched.
      for (const [projectId, entry] of tokens) if (timingSafeEqual(entry.hash, hash)) owner = projectId;
      return owner;
    },
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
