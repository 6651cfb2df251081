import { ProviderTest } from '#server/llm/provider-test.ts';
import { ProviderToTest } from '#server/settings/settings-patch.ts';
import { endpoint } from '../_endpoint.ts';

export const POST = endpoint(
  {
    auth: 'session',
    summary: 'Asks the provider whether it would answer, with the given base URL and key or the stored ones. Stores nothing given.',
    input: ProviderToTest,
    response: ProviderTest,
  },
  async ({ input, services }) => {
    const provider = services.settings.providerToTest(input);
    const test = await services.llm.testProvider(provider);
    if (test.ok) services.settings.markProviderWorked(provider);
    return { body: test };
  },
);
