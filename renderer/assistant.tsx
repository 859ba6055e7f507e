import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Assistant } from './components/assistant/Assistant';
import { LANGUAGES, setLanguage } from './messages';
import './styles/tokens.css';
import './styles/base.css';
import './styles/fields.css';
import './styles/assistant.css';

const language = LANGUAGES.find((known) => navigator.language.startsWith(known)) ?? 'en';
setLanguage(language);
document.documentElement.lang = language;
document.documentElement.dataset.theme = 'system';
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Assistant />
  </StrictMode>,
);
