import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts a stand-in for Astro into a workspace: an HTTP server on `--port` that answers a page, prints Astro's banner,
 * and does as told by `behaviour` (JavaScript that may redefine `answer`, `listen` and `banner`).
 */
export function writeFakeAstro(workspace: string, behaviour = ''): void {
  const folder = join(workspace, 'node_modules', 'astro');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'astro', type: 'commonjs', bin: { astro: './fake.cjs' } }));
  writeFileSync(join(folder, 'fake.cjs'), `${FAKE}\n${behaviour}\nlisten(port);`);
}

const FAKE = `
const { createServer } = require('node:http');
const fs = require('node:fs');
const flag = (name) => process.argv[process.argv.indexOf(name) + 1];
let port = Number(flag('--port'));
let banner = (port) => console.log(' astro  v0 ready\\n┃ Local    http://127.0.0.1:' + port + '/');
let answer = (req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>' + req.headers.host + '</h1>');
let listen = (port) => {
  const server = createServer((req, res) => (req.headers.accept === 'text/x-vite-ping' ? res.writeHead(204).end() : answer(req, res)));
  server.listen(port, flag('--host'), () => banner(server.address().port));
};
`;

/** Puts a package that is no Astro site into a workspace: what its `dev` script starts, `server.cjs`, listens where `PORT` says. */
export function writeFakePackage(workspace: string, dev: string, behaviour = ''): void {
  writeFileSync(join(workspace, 'package.json'), JSON.stringify({ name: 'site', scripts: { dev } }));
  writeFileSync(
    join(workspace, 'server.cjs'),
    `let answer = (req, res) => res.writeHead(200, { 'content-type': 'text/plain' }).end(process.argv.slice(2).join(' '));
    ${behaviour}
    require('node:http').createServer((req, res) => answer(req, res)).listen(Number(process.env.PORT), process.env.HOST);`,
  );
}
