import type { HostnameCheck } from '#server/projects/hostname-check.ts';

/** What a check found, for people. */
export function describeCheck({ state, addresses }: HostnameCheck): { tone: 'good' | 'warn' | 'bad'; words: string } {
  const where = addresses.join(', ');
  switch (state) {
    case 'here':
      return { tone: 'good', words: `It leads here (${where}).` };
    case 'elsewhere':
      return { tone: 'warn', words: `It leads to ${where}, which is not this host. Enter the record above; a change can take some hours.` };
    case 'nowhere':
      return { tone: 'warn', words: 'It leads nowhere yet. Enter the record above; a new one can take some minutes.' };
    case 'unknown':
      return {
        tone: 'warn',
        words: `It leads to ${where}. Whether that is this machine can’t be told, because DOCE_PUBLIC_URL is not set. Open it to see.`,
      };
    case 'failed':
      return { tone: 'bad', words: 'The name servers did not answer. Check that this machine has a network, then try again.' };
  }
}
