#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Drives headless Chromium, with a fake camera and microphone, through one call to a running Janus:
//
//     NODE_PATH=FOLDER/node_modules node drive.js SCENARIO URL [NAME=VALUE]…
//
//   echo         echotest with audio, video and a data channel; leaves cleanly
//   mute         echotest; mutes audio, lets it be heard again, stops its tracks, hangs up, leaves
//   restart      echotest; starts ICE again in mid-call
//   room         alice publishes in a video room, bob receives her; bob leaves, then alice
//   feedleaves   the same, but alice leaves while bob receives her
//   codec        echotest; the browser offers no VP8
//   rejected     room, whose publisher offers no H.264: for a room that takes nothing else
//   wrongroom    alice wants to join a room that does not exist
//   dtlsfail     echotest; the fingerprint in the offer is falsified: ICE connects, DTLS fails
//   icefail      echotest; the candidates of both sides lead nowhere: ICE fails
//   hungup       echotest; waits for somebody else to hang up, and says so: "hungup: waiting"
//   killed       echotest; the browser is killed in mid-call
//
// URL is ws://HOST:PORT or http://HOST:PORT/janus. seconds=N is how long an established call lasts (8),
// room=N the room (1234), opaque=TEXT the opaque_id of all handles. Prints "SCENARIO: up" or "SCENARIO: not up" and
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

const [scenarioName, server, ...settings] = process.argv.slice(2);
const options = { seconds: '8', room: '1234', opaque: scenarioName,
  ...Object.fromEntries(settings.map((setting) => setting.split('='))) };
const callMs = Number(options.seconds) * 1000;

const after = (ms, value) => new Promise((resolve) => setTimeout(() => resolve(value), ms));

// These run in the page, before the call, and rewrite what it sends to Janus, or what it offers.
const falsify = {
  fingerprint: () => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      const message = JSON.parse(text);
      if (message.jsep)
        message.jsep.sdp = message.jsep.sdp.replace(/(a=fingerprint:sha-256 )(..)/g,
          (all, key, octet) => key + (octet === '00' ? '11' : '00'));
      return send.call(this, JSON.stringify(message));
    };
  },
  candidates: () => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (text) {
      return send.call(this, text.replace(/ \S+ \d+ typ host/g, ' 127.0.0.77 9 typ host'));
    };
    // Nor does the browser hear of Janus's: else its own checks would reach it.
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }, ...rest) {
      return setRemoteDescription.call(this, { type, sdp: sdp.replace(/a=candidate:.*\r\n/g, '') }, ...rest);
    };
    RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
  },
  codecs: (refused) => {
    const { createOffer } = RTCPeerConnection.prototype;
    const offered = RTCRtpReceiver.getCapabilities('video').codecs.filter((codec) => codec.mimeType !== refused);
    RTCPeerConnection.prototype.createOffer = function (...parameters) {
      for (const transceiver of this.getTransceivers())
        if (transceiver.receiver.track.kind === 'video')
          transceiver.setCodecPreferences(offered);
      return createOffer.apply(this, parameters);
    };
  },
};

// 'up', 'not up' after that many milliseconds, or what went wrong.
const call = (page, method, parameters, ms = 15000) => Promise.race([
  page.evaluate(([name, list]) => window[name](...list), [method, parameters])
    .catch((error) => `error: ${error.message}`),
  after(ms, 'not up'),
]);

const echo = (page, ms) => call(page, 'echo', [server, { opaque: options.opaque }], ms);
const join = (page, display, publishes) => call(page, 'join',
  [server, { display, publishes, room: Number(options.room), opaque: options.opaque }]);

const leave = (page) => page.evaluate(() => Promise.race([
  new Promise((resolve) => J.destroy({ success: resolve, error: resolve })),
  new Promise((resolve) => setTimeout(resolve, 2000)),
]));

// alice, and bob who receives her: their pages, and whether both are up.
async function meet(open, prepare = async () => {}) {
  const alice = await open();
  await prepare(alice);
  const bob = await open();
  const states = [await join(alice, 'alice', true), await join(bob, 'bob', false)];
  return { alice, bob, state: states.find((state) => state !== 'up') || 'up' };
}

// Each takes the function that opens a page, and what kills the browser, and returns the state of its
// last call.
const scenarios = {
  async echo(open) {
    const page = await open();
    const state = await echo(page);
    await after(callMs);
    await leave(page);
    return state;
  },
  async mute(open) {
    const page = await open();
    const state = await echo(page);
    await after(callMs / 3);
    await page.evaluate(() => H.send({ message: { audio: false } }));
    await after(callMs / 3);
    await page.evaluate(() => H.send({ message: { audio: true } }));
    await after(callMs / 3);
    await page.evaluate(() => H.webrtcStuff.pc.getSenders().forEach((s) => s.track && s.track.stop()));
    await after(3000); // Janus says that no media comes in after a second
    await page.evaluate(() => H.hangup());
    await after(1000);
    await leave(page);
    return state;
  },
  async restart(open) {
    const page = await open();
    const state = await echo(page);
    await after(callMs / 2);
    const restarted = await call(page, 'restartIce', []);
    await after(callMs / 2);
    await leave(page);
    return state === 'up' ? restarted : state;
  },
  async room(open) {
    const { alice, bob, state } = await meet(open);
    await after(callMs);
    await leave(bob);
    await leave(alice);
    return state;
  },
  async feedleaves(open) {
    const { alice, bob, state } = await meet(open);
    await after(callMs / 2);
    await leave(alice);
    await after(callMs / 2);
    await leave(bob);
    return state;
  },
  async codec(open) {
    const page = await open();
    await page.evaluate(falsify.codecs, 'video/VP8');
    const state = await echo(page);
    await after(callMs);
    await leave(page);
    return state;
  },
  async rejected(open) {
    const { alice, bob, state } = await meet(open,
      (page) => page.evaluate(falsify.codecs, 'video/H264'));
    await after(callMs);
    await leave(bob);
    await leave(alice);
    return state;
  },
  async wrongroom(open) {
    const page = await open();
    const state = await join(page, 'alice', true);
    await leave(page);
    return state;
  },
  async dtlsfail(open) {
    const page = await open();
    await page.evaluate(falsify.fingerprint);
    const state = await echo(page);
    await leave(page);
    return state;
  },
  async icefail(open) {
    const page = await open();
    await page.evaluate(falsify.candidates);
    const state = await echo(page, 40000);
    await leave(page);
    return state;
  },
  async hungup(open) {
    const page = await open();
    const state = await echo(page);
    await after(callMs);
    console.log('hungup: waiting');
    await page.evaluate(() => window.down);
    await leave(page);
    return state;
  },
  async killed(open, kill) {
    const state = await echo(await open());
    await after(callMs);
    await kill();
    return state;
  },
};
const neverUp = ['dtlsfail', 'icefail', 'wrongroom'];

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
    throw new Error(`usage: drive.js ${Object.keys(scenarios).join('|')} ws://HOST:PORT [NAME=VALUE]…`);
  const web = await serveClient();
  const launched = await chromium.launchServer({
    executablePath: '/usr/bin/chromium', headless: true, args: BROWSER_FLAGS,
  });
  const browser = await chromium.connect(launched.wsEndpoint());
  const open = async () => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const page = await context.newPage();
    await page.goto(`http://localhost:${web.address().port}/`); // a secure context, unlike 127.0.0.1's name
    return page;
  };
  try {
    const state = await scenario(open, () => launched.kill());
    console.log(`${scenarioName}: ${state}`);
    return state === (neverUp.includes(scenarioName) ? 'not up' : 'up') ? 0 : 1;
  } finally {
    await launched.close();
    web.close();
  }
}

// exit() because the timers that lost their race would keep the program alive.
main().then(process.exit, (error) => {
  console.error(error.message);
  process.exit(1);
});
