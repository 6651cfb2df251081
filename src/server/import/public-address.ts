import { BlockList, isIP, isIPv4 } from 'node:net';

const reserved = new BlockList();

// https://www.iana.org/assignments/iana-ipv4-special-registry: everything that is not globally reachable, and multicast.
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv4');
}

// Only 2000::/3 is routed; within it https://www.iana.org/assignments/iana-ipv6-special-registry, with tunnels to IPv4 (Teredo, 6to4).
const routed = new BlockList();
routed.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is one of the public internet: not private, loopback, link-local, a cloud's metadata service or a way to these. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !reserved.check(address, 'ipv4');
  return isIP(address) === 6 && routed.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}
