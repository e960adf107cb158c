/** What harmless visitors ask for: a page and what its browser fetches with it. */
export interface Page {
  readonly host: 'shop.alpenshop.example' | 'pay.alpenshop.example';
  readonly weight: number;
  readonly requests: readonly PageRequest[];
}

export interface PageRequest {
  readonly method: string;
  /** `{sku}`, `{word}` and `{order}` are filled in. */
  readonly uri: string;
  readonly status: number;
  readonly bytes: number;
}

export const skus = ['TS-0412', 'TS-0977', 'BT-1203', 'JK-0031', 'PL-0208', 'TN-4410', 'ST-0081', 'RP-2205'];
export const words = ['boots', 'poles', 'tents', 'socks', 'stove', 'ropes'];
export const longWords = ['trail shoe', 'rain coats', 'tent poles', 'wool socks', 'climb rope'];

export const pages: readonly Page[] = [
  shop(30, get('/', 18_230), get('/static/app.js', 91_204), get('/api/catalog/featured', 4_410), get('/api/cart', 212)),
  shop(30, get('/p/{sku}', 21_870), get('/api/catalog/items/{sku}', 1_904), get('/media/{sku}/1.webp', 48_300)),
  shop(24, get('/search?q={word}', 15_020), get('/api/catalog/search?q={word}&sort=price', 6_812)),
  shop(14, post('/api/cart', 201, 233), get('/api/cart', 641)),
  shop(8, get('/checkout', 9_330), post('/checkout/address', 303, 0), get('/api/cart', 641)),
  shop(7, get('/account', 7_204), get('/api/orders?limit=10', 2_880)),
  shop(4, post('/account/login', 303, 0)),
  shop(2, post('/account/login', 401, 92)),
  shop(3, { method: 'GET', uri: '/media/{sku}/9.webp', status: 404, bytes: 153 }),
  shop(3, { method: 'GET', uri: '/static/app.js', status: 304, bytes: 0 }),
  shop(0.4, { method: 'GET', uri: '/api/recommendations/{sku}', status: 502, bytes: 157 }),
  shop(0.3, { method: 'GET', uri: '/api/catalog/search?q={word}', status: 499, bytes: 0 }),
  pay(
    9,
    post('/api/pay/intents', 201, 388),
    get('/api/pay/status?order={order}', 174),
    get('/api/pay/status?order={order}', 181),
  ),
  pay(5, get('/api/pay/status?order={order}', 181)),
  pay(2, post('/api/pay/lookup', 200, 402)),
  pay(1, post('/api/pay/intents', 402, 96)),
];

function shop(weight: number, ...requests: readonly PageRequest[]): Page {
  return { host: 'shop.alpenshop.example', weight, requests };
}

function pay(weight: number, ...requests: readonly PageRequest[]): Page {
  return { host: 'pay.alpenshop.example', weight, requests };
}

function get(uri: string, bytes: number): PageRequest {
  return { method: 'GET', uri, status: 200, bytes };
}

function post(uri: string, status: number, bytes: number): PageRequest {
  return { method: 'POST', uri, status, bytes };
}
