import { type Claim, cause } from '../model/cause.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

function claimOf({ flow, spoken, path }: Scene): Claim | null {
  if (spoken?.result !== 'answered' || !spoken.noTls) return null;
  const end = flow.family === 6 ? `[${flow.address}]:${flow.port}` : `${flow.address}:${flow.port}`;
  return {
    sure: 'proved',
    what: `what answers at ${destination(flow)} does not speak TLS`,
    why: `It takes connections, and what came back to a TLS hello is no TLS: ${spoken.noTls}. Programs that ask by https fail at it: "wrong version number" (OpenSSL, curl, Python, Node.js), "first record does not look like a TLS handshake" or "server gave HTTP response to HTTPS client" (Go), "Unsupported or unrecognized SSL message" (Java).`,
    do: 'Have the server listen for TLS on that port, or lead the port to one that does; or ask without TLS (http:// and the port in the URL).',
    evidence: [
      fromStateIn(path.hops[0]?.netns ?? null, `a TLS hello is answered by ${spoken.noTls}`, [
        'openssl',
        's_client',
        '-connect',
        end,
      ]),
    ],
  };
}

export default cause({
  id: 'tls-not-spoken',
  title: 'What answers on the port does not speak TLS',
  explain: `The handshake of TCP was answered, so the path is well. A TLS hello followed, as every program sends it that asks by
https, and what came back was no TLS record: plain HTTP, the greeting of another protocol. Programs call that a wrong version
number, since they read the version of TLS where the other side has written text.

A server listens on 443 without TLS ("listen 443" of nginx without ssl), a published port or a balancer leads 443 to the port
on which the server speaks plain HTTP, or TLS already ends at a proxy in between. Where only the port said that it should be
TLS, it is a warning; with \`--data tls\` it is the verdict.

By hand: \`openssl s_client -connect ADDRESS:PORT\`, and \`curl -v http://ADDRESS:PORT/\` beside it.`,
  needs: [],
  examine: (scene) => (scene.spoken?.isNamed ? claimOf(scene) : null),
  warns: claimOf,
});
