'use strict';
// The operator's page: shows what the station says, sends what the operator says. Nothing is kept here.
const words = {
  en: { ok: 'OK', notOk: 'NOT OK', cannotJudge: 'Cannot judge', none: 'Waiting', part: 'Part', camera: 'Camera', model: 'Model', falseAlarm: 'False alarm', missedDefect: 'Missed defect',
    learn: 'Picture is right: learn it', sure: 'Press again: all frames are so now', learns: 'The next 30 frames are learnt.', send: 'Send', cancel: 'Cancel', newShift: 'New shift', since: 'Since', empty: 'No frame yet. The first one appears here by itself.', draw: 'Draw a box around the defect if you can, then press Send.',
    thanks: 'Recorded. Thank you.', failed: 'Not recorded: ', hub: 'Hub connected', noHub: 'Works without the hub; {n} segments wait', alone: 'Works alone', lost: 'The station does not answer', other: 'Français', live: 'Back to now', older: 'Frame before', newer: 'Frame after', all: 'All cameras',
    'no-model': 'No model is deployed for this camera.', 'model-error': 'The model failed on this frame.', blurred: 'The picture is blurred.', dark: 'The picture is too dark.', light: 'The picture is too bright.',
    'low-information': 'The picture shows nothing: lens cap, light or cable?', obstructed: 'Something covers the view, or it shows something new.', unreadable: 'The picture cannot be read.', 'too-small': 'The picture is too small.' },
  fr: { ok: 'OK', notOk: 'NON OK', cannotJudge: 'Impossible de juger', none: 'En attente', part: 'Pièce', camera: 'Caméra', model: 'Modèle', falseAlarm: 'Fausse alarme', missedDefect: 'Défaut manqué',
    learn: 'L’image est bonne : l’apprendre', sure: 'Appuyez encore : c’est ainsi désormais', learns: 'Les 30 prochaines images sont apprises.', send: 'Envoyer', cancel: 'Annuler', newShift: 'Nouvelle équipe', since: 'Depuis', empty: 'Pas encore d’image. La première apparaîtra ici d’elle-même.', draw: 'Si possible, tracez un cadre autour du défaut, puis appuyez sur Envoyer.',
    thanks: 'Enregistré. Merci.', failed: 'Non enregistré : ', hub: 'Hub connecté', noHub: 'Fonctionne sans le hub ; {n} segments en attente', alone: 'Fonctionne seule', lost: 'La station ne répond pas', other: 'English', live: 'Revenir au direct', older: 'Image précédente', newer: 'Image suivante', all: 'Toutes les caméras',
    'no-model': 'Aucun modèle n’est déployé pour cette caméra.', 'model-error': 'Le modèle a échoué sur cette image.', blurred: 'L’image est floue.', dark: 'L’image est trop sombre.', light: 'L’image est trop claire.',
    'low-information': 'L’image ne montre rien : cache, éclairage ou câble ?', obstructed: 'Quelque chose cache la vue, ou elle montre du nouveau.', unreadable: 'L’image ne peut pas être lue.', 'too-small': 'L’image est trop petite.' },
};
const $ = id => document.getElementById(id);
const asked = new URLSearchParams(location.search).get('lang');
let lang = asked in words ? asked : localStorage.getItem('lang') in words ? localStorage.getItem('lang') : navigator.language.startsWith('fr') ? 'fr' : 'en';
let camera = new URLSearchParams(location.search).get('camera'), cameras = [];
let board = null, shown = null, held = null, drawing = false, recent = [], at = -1, rest = 0, image = null, box = null, from = null;
const asks = path => camera ? `screen/${path}?camera=${encodeURIComponent(camera)}` : `screen/${path}`;
const t = key => words[lang][key] ?? key;

function translate() {
  document.documentElement.lang = lang;
  for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
  $('language').textContent = t('other');
  for (const id of ['older', 'newer']) $(id).setAttribute('aria-label', t(id));
  if (board) show(board);
  if (held) present(held);
  $('empty').textContent = shown ? '' : t('empty');
}

function show(now) {
  board = now;
  for (const key of ['ok', 'notOk', 'cannotJudge']) $(key).textContent = now[key].toLocaleString(lang);
  $('shift').textContent = `${t('since')} ${new Date(now.shiftStart).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' })}`;
  $('link').textContent = !now.hasHub ? t('alone') : now.hub ? t('hub') : t('noHub').replace('{n}', now.waiting);
  $('trouble').textContent = now.trouble ?? '';
  cameras = now.cameras;
  $('pick').hidden = cameras.length < 2;
  $('pick').textContent = camera ?? t('all');
  if (!held && now.last) present(now.last);
}

function present(last) {
  const verdict = last.verdict;
  document.body.dataset.verdict = verdict;
  $('word').textContent = t(verdict);
  $('why').textContent = verdict === 'notOk' ? [...new Set(last.boxes.map(b => b.class))].join(', ') : verdict === 'cannotJudge' ? words[lang][last.reason] ?? last.sentence ?? '' : '';
  $('part').textContent = last.part ?? '–';
  $('camera').textContent = last.camera;
  $('model').textContent = last.model ?? '–';
  $('falseAlarm').disabled = verdict !== 'notOk';
  $('missedDefect').disabled = verdict !== 'ok' && verdict !== 'notOk';
  // Nothing to be said about the model's word: the place is for the word about the picture.
  const learnable = !drawing && verdict === 'cannotJudge' && ['obstructed', 'blurred', 'dark', 'light'].includes(last.reason);
  $('learn').hidden = !learnable;
  for (const id of ['falseAlarm', 'missedDefect']) $(id).hidden = drawing || learnable;
  if (shown?.id !== last.id) load(last);
}

function load(last) {
  shown = last;
  $('empty').textContent = '';
  const next = new Image();
  next.of = last.id;
  next.onload = () => { if (shown === last) { image = next; draw(); } };
  next.src = `screen/frames/${last.id}`;
}

function scale() {
  const canvas = $('canvas'), k = Math.min(canvas.clientWidth / shown.width, canvas.clientHeight / shown.height);
  return { k, x: (canvas.clientWidth - k * shown.width) / 2, y: (canvas.clientHeight - k * shown.height) / 2 };
}

function draw() {
  // Boxes of one frame never lie on the picture of another.
  if (image && shown && image.of !== shown.id) return;
  const canvas = $('canvas'), ratio = devicePixelRatio || 1, ctx = canvas.getContext('2d');
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  if (!image || !shown) return;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const s = scale();
  ctx.drawImage(image, s.x, s.y, s.k * shown.width, s.k * shown.height);
  for (const b of shown.boxes) {
    const [x, y, w, h] = [s.x + s.k * b.box[0], s.y + s.k * b.box[1], s.k * b.box[2], s.k * b.box[3]], label = `${b.class} ${Math.round(100 * b.score)} %`;
    ctx.lineWidth = 6; ctx.strokeStyle = '#000'; ctx.strokeRect(x, y, w, h);
    ctx.lineWidth = 3; ctx.strokeStyle = '#ff5a5f'; ctx.strokeRect(x, y, w, h);
    ctx.font = `600 ${canvas.clientWidth < 600 ? 13 : 18}px system-ui, sans-serif`;
    const above = y > s.y + 28, width = ctx.measureText(label).width + 12, left = Math.max(0, Math.min(x, canvas.clientWidth - width));
    ctx.fillStyle = '#a4161a'; ctx.fillRect(left, above ? y - 27 : y + h + 3, width, 24);
    ctx.fillStyle = '#fff'; ctx.fillText(label, left + 6, above ? y - 9 : y + h + 21);
  }
  if (box) {
    ctx.setLineDash([10, 6]); ctx.lineWidth = 4; ctx.strokeStyle = '#7cc4ff';
    ctx.strokeRect(s.x + s.k * box[0], s.y + s.k * box[1], s.k * box[2], s.k * box[3]);
    ctx.setLineDash([]);
  }
}

function point(e) {
  const r = $('canvas').getBoundingClientRect(), s = scale();
  return [Math.min(shown.width, Math.max(0, (e.clientX - r.left - s.x) / s.k)), Math.min(shown.height, Math.max(0, (e.clientY - r.top - s.y) / s.k))];
}
$('canvas').onpointerdown = e => { if (drawing) { from = point(e); $('canvas').setPointerCapture(e.pointerId); } };
$('canvas').onpointermove = e => {
  if (!from) return;
  const to = point(e);
  box = [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
  draw();
};
$('canvas').onpointerup = () => { from = null; if (box && (box[2] < 2 || box[3] < 2)) box = null; draw(); };

// While the operator looks back or draws, the frame stays although the line goes on; after a minute of rest the screen goes back to it.
function hold(frame, draws) {
  held = frame; drawing = draws; box = null;
  clearTimeout(rest);
  if (frame) rest = setTimeout(() => hold(null, false), 60000);
  for (const id of ['falseAlarm', 'missedDefect']) $(id).hidden = draws;
  for (const id of ['send', 'cancel']) $(id).hidden = !draws;
  for (const id of ['older', 'newer']) $(id).hidden = draws;
  $('live').hidden = !frame || draws;
  $('said').textContent = draws ? t('draw') : '';
  if (frame) present(frame); else { at = -1; if (board) show(board); }
  draw();
}
async function step(by) {
  if (at < 0) {
    recent = await (await fetch(asks('recent'))).json();
    at = Math.max(0, recent.findIndex(f => f.id === shown?.id));
  }
  at = Math.min(at + by, recent.length - 1);
  hold(at < 0 ? null : recent[at], false);
}
$('older').onclick = () => step(1);
$('newer').onclick = () => step(-1);
$('live').onclick = () => hold(null, false);
async function say(path, body, done) {
  let text;
  try {
    const answer = await fetch(`screen/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    text = answer.ok ? t(done) : t('failed') + ((await answer.json().catch(() => ({}))).detail ?? answer.status);
  } catch { text = t('failed') + t('lost'); }
  $('said').textContent = text;
  setTimeout(() => { if ($('said').textContent === text) $('said').textContent = ''; }, 6000);
}
const feedback = (frame, kind, drawn) => say('feedback', { observation: frame.id, kind, box: drawn }, 'thanks');
$('falseAlarm').onclick = () => feedback(shown, 'falseAlarm', null);
$('missedDefect').onclick = () => hold(shown, true);
$('send').onclick = () => { const [frame, drawn] = [held, box]; hold(null, false); feedback(frame, 'missedDefect', drawn); };
$('cancel').onclick = () => hold(null, false);
// Twice, because a covered view that is learnt is not found again.
let sure = 0, doubted = null;
$('learn').onclick = () => {
  const again = Date.now() < sure;
  sure = again ? 0 : Date.now() + 5000;
  doubted = again ? doubted : shown;
  $('learn').textContent = t(again ? 'learn' : 'sure');
  if (again) { hold(null, false); say('learn', { observation: doubted.id }, 'learns'); } else setTimeout(() => { if (Date.now() >= sure) $('learn').textContent = t('learn'); }, 5100);
};
$('newShift').onclick = async () => { await fetch('screen/shift', { method: 'POST' }); show(await (await fetch(asks('board'))).json()); };
$('language').onclick = () => { lang = lang === 'en' ? 'fr' : 'en'; localStorage.setItem('lang', lang); translate(); };
addEventListener('resize', draw);
$('word').textContent = t('none');
translate();
let events = null;
function listen() {
  events?.close();
  events = new EventSource(asks('events'));
  events.onmessage = e => show(JSON.parse(e.data));
  events.onerror = () => { $('link').textContent = t('lost'); };
}
$('pick').onclick = () => {
  const next = [null, ...cameras];
  camera = next[(next.indexOf(camera) + 1) % next.length];
  hold(null, false);
  listen();
};
listen();
