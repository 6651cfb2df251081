import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const LONGEST_LOOKUP_MS = 4_000;

/** @throws the system's error (`ENOTFOUND`, …) when the name leads nowhere. */
export type ResolveHostname = (hostname: string) => Promise<string[]>;

/** By the machine's own rules: its hosts file, then DNS. */
export const resolveHostname: ResolveHostname = async (hostname) => {
  const tooLate = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(Object.assign(new Error('No name server answered in time.'), { code: 'ETIMEOUT' })), LONGEST_LOOKUP_MS).unref();
  });
  const found = await Promise.race([lookup(hostname, { all: true }), tooLate]);
  return found.map(({ address }) => address);
};

/** Where a hostname leads at this moment. */
export interface HostnameCheck {
  /** `unknown`: it leads somewhere, and which addresses lead here is not known. `failed`: DNS did not answer. */
  state: 'here' | 'elsewhere' | 'nowhere' | 'unknown' | 'failed';
  /** To which it leads. */
  addresses: string[];
}

/** What to enter at the provider of the domain. */
export interface DnsRecord {
  type: 'CNAME' | 'A' | 'AAAA';
  name: string;
  /** Null: the address of this machine, which it cannot know by itself. */
  value: string | null;
}

const NOWHERE = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

export interface HostnameCheckOptions {
  resolve: ResolveHostname;
  /** Hostname of the public URL, which leads here, or an address; undefined when none is configured. */
  publicHostname: string | undefined;
  ownAddresses?: () => string[];
}

export function createHostnameChecks({ resolve, publicHostname, ownAddresses = addressesOfMachine }: HostnameCheckOptions) {
  async function addressesHere(): Promise<Set<string>> {
    const named = publicHostname === undefined ? [] : await resolve(publicHostname).catch(() => []);
    return new Set([...named, ...ownAddresses()]);
  }

  return {
    async check(hostname: string): Promise<HostnameCheck> {
      try {
        const [addresses, here] = await Promise.all([resolve(hostname), addressesHere()]);
        if (addresses.some((address) => here.has(address))) return { state: 'here', addresses };
        return { state: publicHostname === undefined ? 'unknown' : 'elsewhere', addresses };
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        return { state: NOWHERE.has(code) ? 'nowhere' : 'failed', addresses: [] };
      }
    },

    /** The bare name of a domain cannot be an alias (RFC 1034 §3.6.2): it needs addresses. */
    async recordsFor(hostname: string): Promise<DnsRecord[]> {
      const isBare = hostname.split('.').length === 2;
      if (publicHostname !== undefined && isIP(publicHostname) === 0 && !isBare) {
        return [{ type: 'CNAME', name: hostname, value: publicHostname }];
      }
      const addresses =
        publicHostname === undefined ? [] : isIP(publicHostname) ? [publicHostname] : await resolve(publicHostname).catch(() => []);
      if (addresses.length === 0) return [{ type: 'A', name: hostname, value: null }];
      return addresses.map((value) => ({ type: isIP(value) === 6 ? 'AAAA' : 'A', name: hostname, value }));
    },
  };
}

export type HostnameChecks = ReturnType<typeof createHostnameChecks>;

function addressesOfMachine(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
