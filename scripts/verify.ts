import { spawnSync } from 'node:child_process';

// Everything a change has to pass, in the order of how soon it says no.
for (const script of ['check', 'lint', 'build', 'test']) {
  process.stdout.write(`\n— ${script}\n`);
  const { status } = spawnSync('pnpm', ['run', script], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
