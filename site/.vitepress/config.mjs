import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { slug } from 'github-slugger'
import { defineConfig } from 'vitepress'

// The pages are README.md and docs as they are: what GitHub shows, this shows. Links are checked by the build: VitePress looks for
// the pages that are linked to, this file for the pages and anchors that came of them, and for sources, which are shown where the
// repository is.

const root = join(import.meta.dirname, '../..')
const repository = readFileSync(join(root, 'pom.xml'), 'utf8').match(/<url>(https:\/\/github[^<]*)<\/url>/)[1]
const base = '/lox/'
const copy = join(import.meta.dirname, '../target/pages') // below node_modules, where Vite looks for its own
const pages = new Map() // path of a page to its anchors, and to its links within the site

function copyPages() {
  const other = /^(\..*|target|node_modules|src)$/
  rmSync(copy, { recursive: true, force: true })
  for (const place of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'docs', 'benchmarks', 'tests']) {
    cpSync(join(root, place), join(copy, place), {
      recursive: true,
      filter: path => (statSync(path).isDirectory() ? !other.test(basename(path)) : /\.(md|svg|png)$/.test(path))
    })
  }
}

function readmes() {
  return readdirSync(copy, { recursive: true }).filter(path => basename(path) === 'README.md')
}

function item(path) { // named by the page's own title
  return { text: readFileSync(join(root, path), 'utf8').match(/^# (.*)/m)[1], link: `/${path.replace(/(README)?\.md$/, '')}` }
}

function linksOf(page) { // to pages, each once, in the order of the page
  const links = readFileSync(join(root, page), 'utf8').matchAll(/\]\(([\w./-]+\.md)/g)
  return [...new Set([...links].map(link => normalize(join(dirname(page), link[1]))))]
}

// The pages in the order in which docs/README.md and docs/recipes/README.md name them. A new page is in the sidebar when it is there.
function sidebar() {
  const paths = linksOf('docs/README.md').filter(path => path.startsWith('docs/'))
  const within = folder => path => dirname(path) === folder
  const recipes = linksOf('docs/recipes/README.md').filter(within('docs/recipes'))
  const decisions = paths.filter(within('docs/decisions'))
  const guides = paths.filter(path => !recipes.includes(path) && !decisions.includes(path))
  for (const folder of ['docs', 'docs/recipes', 'docs/decisions']) {
    for (const name of readdirSync(join(root, folder)).filter(name => name.endsWith('.md') && name !== 'README.md')) {
      if (![...guides, ...recipes, ...decisions].includes(join(folder, name))) {
        throw new Error(`docs/README.md or docs/recipes/README.md has to name ${join(folder, name)}`)
      }
    }
  }
  return [
    { items: [{ text: 'Start', link: '/' }, ...guides.map(item)] },
    { text: 'Recipes', collapsed: true, items: recipes.map(item) },
    { text: 'Project', collapsed: true, items: ['CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'benchmarks/README.md'].map(item) },
    { text: 'Decisions', collapsed: true, items: decisions.map(item) }
  ]
}

function withLinksToSources(md) {
  const link = md.renderer.rules.link_open
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet('href')
    if (/(^|\/)README\.md(#.*)?$/.test(href)) { // on GitHub the page of its folder, here the index
      tokens[index].attrSet('href', href.replace('README.md', 'index.md'))
    } else if (!/^([a-z]+:|#|\/)|\.md(#.*)?$/.test(href)) {
      const source = normalize(join(dirname(env.relativePath), href))
      if (!existsSync(join(root, source))) {
        throw new Error(`${env.relativePath} links to ${href}, which is not there`)
      }
      tokens[index].attrSet('href', `${repository}/blob/main/${source}`)
    }
    return link(tokens, index, options, env, self)
  }
  const html = md.renderer.rules.html_block // Vite takes for a picture of the page what begins with a dot
  md.renderer.rules.html_block = (...args) => html(...args).replace(/(<img src=")(?![./]|https?:)/g, '$1./')
}

function checkLinks() {
  const missing = []
  for (const [page, { links }] of pages) {
    for (const link of links.filter(link => !/^([a-z]+:|\/lox\/apidocs\/)/.test(link))) {
      const [path, anchor] = decodeURI(link).split('#')
      const file = path.startsWith(base) ? path.slice(base.length) : path === '' ? page : join(dirname(page), path)
      const target = pages.get(normalize(file === '' || file.endsWith('/') ? `${file}index.html` : file))
      if (!target || (anchor && !target.anchors.has(anchor))) {
        missing.push(`${page}: ${link}`)
      }
    }
  }
  if (missing.length > 0) {
    throw new Error(`links to what is not there:\n${missing.join('\n')}`)
  }
}

copyPages()

export default defineConfig({
  title: 'lox',
  description: 'Concurrency in two more lines of code',
  base,
  srcDir: copy,
  outDir: 'target/site',
  cacheDir: 'target/vitepress',
  rewrites: Object.fromEntries(readmes().map(path => [path, path.replace('README.md', 'index.md')])),
  markdown: {
    anchor: { slugify: slug },
    config: withLinksToSources
  },
  transformHtml(code, id, { page }) {
    pages.set(page.replace(/\.md$/, '.html'), {
      anchors: new Set([...code.matchAll(/ id="([^"]+)"/g)].map(match => match[1])),
      links: [...code.matchAll(/<a [^>]*href="([^"]*)"/g)].map(match => match[1])
    })
  },
  buildEnd: checkLinks,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/docs/guide' },
      { text: 'Javadoc', link: '/apidocs/index.html', target: '_self' }
    ],
    sidebar: sidebar(),
    socialLinks: [{ icon: 'github', link: repository }]
  }
})
