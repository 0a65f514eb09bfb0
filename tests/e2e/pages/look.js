#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader's browser makes of pages, in headless Chromium: one JSON object a line for each.
//
//     NODE_PATH=FOLDER/node_modules node look.js FILE…
//
// Scripts may run in the browser, so that one which somebody got into a page would. What a reader does (following a
// link, by mouse and by keyboard) is done in a browser that runs none.
'use strict';
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync', '--disable-background-networking',
  '--disable-component-update'];
const WIDTHS = [320, 390, 768, 1280];
const LINK = 'ol.differences .where a';

// ---- these run in the page ----

function describe() {
  const all = [...document.querySelectorAll('*')];
  const names = (list) => [...new Set(list)].sort();
  const nameOf = (element) => (element.getAttribute('aria-label') || element.textContent).trim();
  const ids = all.map((element) => element.id).filter(Boolean);
  const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href'));
  return {
    elements: names(all.map((element) => element.localName)),
    attributes: names(all.flatMap((element) => element.getAttributeNames())),
    count: all.length,
    leadNowhere: links.filter((link) => !link.startsWith('#') || !document.getElementById(link.slice(1))),
    idsTwice: ids.filter((id, index) => ids.indexOf(id) !== index),
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => Number(heading.localName[1])),
    unnamed: [...document.querySelectorAll('a, [tabindex], [role=img], h1, h2, h3, h4')].filter((each) => !nameOf(each)).length,
    tablesWithoutHeads: [...document.querySelectorAll('table')].filter((table) => !table.querySelector('th')).length,
    bare: getComputedStyle(document.body).maxWidth === 'none',
    owned: typeof window.owned,
    language: document.documentElement.lang,
    title: document.title,
    text: document.body.innerText,
  };
}

function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

// The text that is the hardest to read: the contrast of its colour with what is behind it, as WCAG 2 has it.
function leastContrast() {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1)
        return colour;
    }
    return [255, 255, 255];
  };
  let least = { ratio: 21, text: '' };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest('.unseen'))
      continue;
    const style = getComputedStyle(element);
    const [one, other] = [channels(element.closest('svg') ? style.fill : style.color), behind(element)]
      .map(luminance).sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < least.ratio)
      least = { ratio, text: texts.currentNode.data.slice(0, 40) };
  }
  return least;
}

function isWhereTheLinkLed() {
  const target = document.querySelector(':target');
  const place = target && target.getBoundingClientRect();
  return Boolean(place) && place.bottom > 0 && place.top < window.innerHeight;
}

// ---- what is done with a page ----

async function jumpByMouse(page) {
  const count = Math.min(await page.locator(LINK).count(), 5);
  const failed = [];
  let least = { ratio: 21 };
  for (let index = 0; index < count; index++) {
    const link = page.locator(LINK).nth(index);
    await link.click();
    if (!await page.evaluate(isWhereTheLinkLed))
      failed.push(await link.getAttribute('href'));
    const found = await page.evaluate(leastContrast);
    least = found.ratio < least.ratio ? found : least;
  }
  return { count, failed, least };
}

async function jumpByKeyboard(page) {
  await page.reload();
  for (let presses = 0; presses < 2000; presses++) {
    await page.keyboard.press('Tab');
    if (!await page.evaluate((link) => document.activeElement.matches(link), LINK))
      continue;
    await page.keyboard.press('Enter');
    return page.evaluate(isWhereTheLinkLed);
  }
  return false;
}

async function read(browser, url, colorScheme) {
  const context = await browser.newContext({ javaScriptEnabled: false, reducedMotion: 'reduce', colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  const byMouse = await jumpByMouse(page);
  const byKeyboard = byMouse.count > 0 ? await jumpByKeyboard(page) : true;
  await context.close();
  return { byMouse, byKeyboard };
}

async function measure(page) {
  const found = { overflow: {}, contrast: {} };
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    found.overflow[width] = await page.evaluate(overflow);
  }
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    found.contrast[colorScheme] = await page.evaluate(leastContrast);
  }
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  found.contrast.print = await page.evaluate(leastContrast);
  const pdf = await page.pdf();
  found.sheets = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length;
  return found;
}

async function look(browser, file) {
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  const [requests, complaints] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  await page.goto(url);
  const seen = { url, requests, complaints, ...await page.evaluate(describe), ...await measure(page) };
  await context.close();
  return { ...seen, ...await read(browser, url, 'dark') };
}

async function main() {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
  try {
    for (const file of process.argv.slice(2))
      console.log(JSON.stringify(await look(browser, file)));
  } finally {
    await browser.close();
  }
}

main().then(() => process.exit(0), (error) => {
  console.error(error.stack);
  process.exit(1);
});
