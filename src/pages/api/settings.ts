import { z } from 'zod';
import { ProviderTest } from '#server/llm/provider-test.ts';
import { SettingsPatch } from '#server/settings/settings-patch.ts';
import { SettingsView } from '#server/settings/settings.ts';
import { endpoint } from './_endpoint.ts';

export const GET = endpoint(
  {
    auth: 'session',
    summary: 'Settings of the person and the installation. Keys show their last four characters.',
    response: z.object({ settings: SettingsView }),
  },
  ({ session, services }) => ({ body: { settings: services.settings.readSettings(session.user.id) } }),
);

export const PATCH = endpoint(
  {
    auth: 'session',
    summary: 'Changes settings. A new key is stored, then tried on the provider; `test` says what came of it.',
    input: SettingsPatch,
    response: z.object({ settings: SettingsView, test: ProviderTest.optional() }),
    page: () => '/settings',
  },
  async ({ input, session, services }) => {
    const { settings, llm } = services;
    settings.updateSettings(session.user.id, input);
    const provider = input.llm?.apiKey ? settings.resolveProvider() : undefined;
    const test = provider && (await llm.testProvider(provider));
    if (provider && test?.ok) settings.markProviderWorked(provider);
    return { body: { settings: settings.readSettings(session.user.id), ...(test ? { test } : {}) } };
  },
);
