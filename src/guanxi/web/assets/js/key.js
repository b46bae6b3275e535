// Security keys and passkeys (WebAuthn).
//   <button data-gx-passkey="get|create" data-gx-passkey-options="{…}" data-gx-passkey-into="key">   asks the browser for the key, writes its
//   answer as JSON into that hidden field of its form, and sends the form. The server made the options and judges the answer.
import { on, text } from "./page.js";
import { toast } from "./toast.js";

const bytes = (coded) => Uint8Array.from(atob(coded.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const coded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function decoded({ publicKey }) {
  const known = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
  return options;
}

function answer(credential) {
  const { response } = credential;
  const given = { clientDataJSON: coded(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) given[name] = coded(response[name]);
  }
  return { id: credential.id, rawId: coded(credential.rawId), type: credential.type, response: given, clientExtensionResults: {} };
}

async function use(button) {
  const { form } = button;
  button.disabled = true;
  try {
    const publicKey = decoded(JSON.parse(button.dataset.gxPasskeyOptions));
    const credential = await navigator.credentials[button.dataset.gxPasskey]({ publicKey });
    form.elements[button.dataset.gxPasskeyInto].value = JSON.stringify(answer(credential));
    form.requestSubmit();
  } catch (problem) {
    // Asked for a key that is there already, or the person thought better of it.
    toast(text(problem.name === "InvalidStateError" ? "keyKnown" : "keyRefused"), "bad");
  } finally { button.disabled = false; }
}

export function start() {
  on("click", "[data-gx-passkey]", (event, button) => {
    event.preventDefault();
    const { form } = button;
    const name = form.elements.name;
    if (button.dataset.gxPasskey === "create" && !name?.value.trim()) { name?.focus(); return; }
    if (!window.PublicKeyCredential) { toast(text("keyImpossible"), "bad"); return; }
    use(button);
  });
}
