// An OpenID provider for the tests: the certified `oidc-provider`, whose login and consent screens answer themselves.
// It prints `issuer URL` once it listens. Who is signed in stands in the authorization request's `login_hint`; a hint
// that ends in `+mfa` says that a second factor was shown. `POST /test/rotate` gives it another signing key.

import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';

const { default: Provider } = await import(`${process.env.MODULES}/node_modules/oidc-provider/lib/index.js`);

const redirect_uris = ['https://jianyi.example/signed-in'];
const clients = [
  { client_id: 'jianyi', client_secret: 'a secret of the tests: 100 % + "quoted"', redirect_uris },
  { client_id: 'other', client_secret: 'another secret of the tests', redirect_uris },
  { client_id: 'public', token_endpoint_auth_method: 'none', redirect_uris },
];

function key(number) {
  const [type, alg, options] = number % 2 === 0
    ? ['rsa', 'RS256', { modulusLength: 2048 }]
    : ['ec', 'ES256', { namedCurve: 'P-256' }];
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${number}`, use: 'sig', alg };
}

function made(issuer, number) {
  const signing = key(number);
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({ ...client, id_token_signed_response_alg: signing.alg })),
    jwks: { keys: [signing] },
    claims: { openid: ['sub', 'amr', 'acr', 'auth_time'] },
    cookies: { keys: ['a key of the tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // As long as the tests turn the clock by days, it is theirs that counts.
    ttl: { AuthorizationCode: 600, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600, AccessToken: 600 },
  });
  return provider;
}

async function interact(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const [accountId, factor] = (params.login_hint ?? 'nobody').split('+');
    const amr = factor === 'mfa' ? ['pwd', 'mfa'] : ['pwd'];
    return provider.interactionFinished(request, response, { login: { accountId, amr } });
  }
  const known = grantId && await provider.Grant.find(grantId);
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

let number = 0;
let provider;
const server = createServer((request, response) => {
  if (request.url === '/test/rotate') {
    provider = made(provider.issuer, ++number);
    response.end('rotated');
  } else if (request.url.startsWith('/interaction/')) {
    interact(provider, request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    provider.callback()(request, response);
  }
});
server.listen(0, '127.0.0.1', () => {
  provider = made(`http://127.0.0.1:${server.address().port}`, number);
  console.log(`issuer ${provider.issuer}`);
});
// Ends with the test that started it.
process.stdin.on('end', () => process.exit()).resume();
