#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drives headless Chromium, with a fake camera and microphone, through one call to a running Janus:
//
//     NODE_PATH=FOLDER/node_modules node drive.js SCENARIO ws://127.0.0.1:PORT [SECONDS]
//
//   echo      echotest with audio, video and a data channel; leaves cleanly
//   mute      echotest; mutes audio, caps the bitrate, stops its tracks, hangs up, leaves
//   dtlsfail  the fingerprint in the offer is falsified: ICE connects, DTLS fails
//   icefail   candidates and the ICE password are falsified: ICE never connects
//   room      alice, bob and carol in videoroom 1234; bob's browser is killed
//   timeout   the browser dies in mid-call: Janus ends the session by timeout
//
// SECONDS is how long an established call lasts (8). Prints "SCENARIO: up" or "SCENARIO: not up" and
// exits 0 when the scenario ran as it should, 1 otherwise.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const { chromium } = require('playwright-core');

const JANUS_JS = '/usr/share/javascript/janus-gateway/janus.js';
const BROWSER_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
  '--disable-background-networking', '--disable-component-update',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns',
];

const [scenarioName, server, seconds = '8'] = process.argv.slice(2);
const callMs = Number(seconds) * 1000;

const after = (ms, value) => new Promise((resolve) => setTimeout(() => resolve(value), ms));

// These two run in the page, before the call, and rewrite what it sends to Janus.
const falsify = {
  dtlsfail: () => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
      const message = JSON.parse(text);
      if (message.jsep)
        message.jsep.sdp = message.jsep.sdp.replace(/(a=fingerprint:sha-256 )(..)/g,
          (all, key, octet) => key + (octet === '00' ? '11' : '00'));
      return send.call(this, JSON.stringify(message));
    };
  },
  icefail: () => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
      const message = JSON.parse(text);
      if (message.candidate && message.candidate.candidate)
        message.candidate.candidate =
          message.candidate.candidate.replace(/ \S+ \d+ typ host/, ' 127.0.0.77 9 typ host');
      if (message.jsep)
        message.jsep.sdp = message.jsep.sdp.split('\r\n')
          .filter((line) => !line.startsWith('a=candidate'))
          .map((line) => line.replace(/^a=ice-pwd:.*/, 'a=ice-pwd:AAAAAAAAAAAAAAAAAAAAAAAA'))
          .join('\r\n');
      return send.call(this, JSON.stringify(message));
    };
  },
};

// 'up', 'not up' after that many milliseconds, or what went wrong.
const call = (page, method, parameters, ms = 15000) => Promise.race([
  page.evaluate(([name, list]) => window[name](...list), [method, parameters])
    .catch((error) => `error: ${error.message}`),
  after(ms, 'not up'),
]);

const leave = (page) => page.evaluate(() => Promise.race([
  new Promise((resolve) => J.destroy({ success: resolve, error: resolve })),
  new Promise((resolve) => setTimeout(resolve, 2000)),
]));

// Each takes the function that opens a page and returns the state of its last call.
const scenarios = {
  async echo(open) {
    const page = await open();
    const state = await call(page, 'echo', [server, 'echo']);
    await after(callMs);
    await leave(page);
    return state;
  },
  async mute(open) {
    const page = await open();
    const state = await call(page, 'echo', [server, 'mute']);
    await after(3000);
    await page.evaluate(() => {
      H.send({ message: { audio: false } });
      H.send({ message: { bitrate: 64000 } });
    });
    await after(3000);
    await page.evaluate(() => H.webrtcStuff.pc.getSenders().forEach((s) => s.track && s.track.stop()));
    await after(4000);
    await page.evaluate(() => H.hangup());
    await after(1500);
    await leave(page);
    return state;
  },
  async dtlsfail(open) {
    const page = await open();
    await page.evaluate(falsify.dtlsfail);
    const state = await call(page, 'echo', [server, 'echo']);
    await leave(page);
    return state;
  },
  async icefail(open) {
    const page = await open();
    await page.evaluate(falsify.icefail);
    const state = await call(page, 'echo', [server, 'echo'], 40000);
    await leave(page);
    return state;
  },
  async room(open) {
    const pages = [];
    let state;
    for (const name of ['alice', 'bob', 'carol']) {
      pages.push(await open());
      state = await call(pages.at(-1), 'room', [server, name]);
      await after(2000);
    }
    await after(callMs);
    await pages[1].context().close();
    await after(6000);
    await leave(pages[0]);
    await leave(pages[2]);
    await after(25000); // bob's session times out
    return state;
  },
  async timeout(open) {
    const page = await open();
    const state = await call(page, 'echo', [server, 'echo']);
    await after(3000);
    await page.context().close();
    await after(30000);
    return state;
  },
};
const neverUp = ['dtlsfail', 'icefail'];

function serveClient() {
  const files = {
    '/': path.join(__dirname, 'client.html'),
    '/janus.js': JANUS_JS,
    '/adapter.js': require.resolve('webrtc-adapter').replace(/dist.*$/, 'out/adapter.js'),
  };
  const web = http.createServer((request, response) => {
    const file = files[request.url];
    if (!file) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/html');
    fs.createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => web.listen(0, '127.0.0.1', () => resolve(web)));
}

async function main() {
  const scenario = scenarios[scenarioName];
  if (!scenario || !server)
    throw new Error(`usage: drive.js ${Object.keys(scenarios).join('|')} ws://HOST:PORT [SECONDS]`);
  const web = await serveClient();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', headless: true, args: BROWSER_FLAGS,
  });
  const open = async () => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const page = await context.newPage();
    await page.goto(`http://localhost:${web.address().port}/`); // a secure context, unlike 127.0.0.1's name
    return page;
  };
  try {
    const state = await scenario(open);
    console.log(`${scenarioName}: ${state}`);
    return state === (neverUp.includes(scenarioName) ? 'not up' : 'up') ? 0 : 1;
  } finally {
    await browser.close();
    web.close();
  }
}

// exit() because the timers that lost their race would keep the program alive.
main().then(process.exit, (error) => {
  console.error(error.message);
  process.exit(1);
});
