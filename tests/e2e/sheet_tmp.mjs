import { chromium } from '@playwright/test'
import { readdirSync } from 'node:fs'
const [out, cols, width, ...pats] = process.argv.slice(2)
const dir='/work/wt-sizes/build/screenshots/'
const names=readdirSync(dir).filter(n=>pats.some(p=>new RegExp(p).test(n)))
const b=await chromium.launch({executablePath:'/usr/bin/chromium'})
const page=await b.newPage({viewport:{width:Number(cols)*(Number(width)+8)+8,height:400}})
await page.goto('file:///work/wt-sizes/build/')
;(await import('node:fs')).writeFileSync('/tmp/sizes/s.html','<body style="margin:4px;background:#888;font:11px sans-serif;display:grid;grid-template-columns:repeat('+cols+','+width+'px);gap:8px">'+names.map(n=>`<div>${n}<br><img src="file://${dir}${n}" style="width:${width}px"></div>`).join(''));await page.goto('file:///tmp/sizes/s.html')
await page.waitForTimeout(300)
await page.screenshot({path:out,fullPage:true}); await b.close(); console.log(names.length)
