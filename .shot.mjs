import { chromium } from 'playwright-core';
const [,, file, out, w='1280', overlay, figure] = process.argv;
const b = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p = await b.newPage({viewport:{width:+w,height:900}});
await p.goto('file://'+file);
if (figure) await p.locator('#figure').selectOption(figure);
if (overlay==='1') await p.locator('#overlay').check();
await p.waitForTimeout(1500); await p.screenshot({path:out}); await b.close();
