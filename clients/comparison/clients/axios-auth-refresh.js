/** axios-auth-refresh with its defaults, as its README shows it: the token is put on requests by an interceptor, and the refresh token is in its cookie. */
import axios from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';

export async function start() {
  let token = null;
  const json = { headers: { 'content-type': 'application/json' } };
  axios.interceptors.request.use((request) => {
    if (token) request.headers.Authorization = `Bearer ${token}`;
    return request;
  });
  createAuthRefresh(axios, (failedRequest) =>
    axios.post('/auth/refresh', {}, json).then((response) => {
      token = response.data.access_token;
      failedRequest.response.config.headers.Authorization = `Bearer ${token}`;
      return Promise.resolve();
    }));
  return {
    async login(username, password) {
      token = (await axios.post('/auth/login', { username, password, transport: 'cookie' }, json)).data.access_token;
    },
    call: (path) => axios.get(path).catch((error) => {
      if (error.response) return error.response;
      throw error;
    }),
    async logout() {
      token = null;
      await axios.post('/auth/logout', {}, json);
    },
  };
}
