import { z } from 'zod';
import { Hostname } from '#server/projects/hostnames.ts';
import { ProjectParams } from '../../_shapes.ts';

export const HostnameParams = ProjectParams.extend({ hostname: Hostname });
export const HostnameShape = z.object({ hostname: z.string(), shown: z.string(), isPrimary: z.boolean(), url: z.string() });
export const HostnameAnswer = z.object({ hostname: HostnameShape });
