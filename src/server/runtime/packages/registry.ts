import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Settings that say where packages come from and how to get there. Any other could make pnpm do something else. */
const SETTING =
  /^pnpm_config_(?:registry|@.+:registry|registries.*|\/\/.+|https?[-_]proxy|proxy|no[-_]?proxy|ca|cafile|strict[-_]ssl|fetch[-_].+|network[-_].+)$/i;
const NETWORK = /^(?:https?_proxy|all_proxy|no_proxy|ssl_cert_file|ssl_cert_dir)$/i;

/**
 * The registry that the person who runs doce configured, as environment and as files that the install may read. It is never
 * written anywhere, and no code of a project runs where it can be seen.
 */
export function registrySettings(from: NodeJS.ProcessEnv = process.env): { env: Record<string, string>; readable: string[] } {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) if (value && (SETTING.test(name) || NETWORK.test(name))) env[name] = value;
  const userConfig = from['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
  const settings = from['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const readable = [userConfig, join(settings, 'pnpm')];
  env['npm_config_userconfig'] = userConfig;
  env['XDG_CONFIG_HOME'] = settings;
  const certificates = Object.entries(env).flatMap(([name, value]) => (/cert|cafile/i.test(name) ? [value] : []));
  return { env, readable: [...readable, ...certificates].filter((path) => isAbsolute(path) && existsSync(path)) };
}
