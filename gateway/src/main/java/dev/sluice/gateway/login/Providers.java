package dev.sluice.gateway.login;

import dev.sluice.gateway.login.ProviderSettings.Preset;
import dev.sluice.gateway.token.IdTokens;
import dev.sluice.gateway.token.ProviderHttp;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The providers of the settings. Immutable. */
public final class Providers {

    private final List<LoginProvider> all;

    /** Who is asked with the client, and sends people back to the public address. */
    public Providers(List<ProviderSettings> settings, URI publicUrl, ProviderHttp http, Clock clock) {
        this.all = settings.stream()
                .map(each -> provider(each, publicUrl, http, clock))
                .toList();
    }

    private static LoginProvider provider(ProviderSettings settings, URI publicUrl, ProviderHttp http, Clock clock) {
        String base = publicUrl.toString().replaceAll("/+$", "");
        CodeExchange exchange =
                new CodeExchange(settings, base + "/v1/login-providers/" + settings.id() + "/callback", http);
        return settings.preset() == Preset.GITHUB
                ? new GitHubProvider(settings, exchange, http)
                : new OpenIdProvider(
                        settings,
                        new IdTokens(settings.issuerUrl(), settings.clientId(), settings.algorithms(), http, clock),
                        exchange);
    }

    List<ProviderSettings> all() {
        return all.stream().map(LoginProvider::settings).toList();
    }

    LoginProvider find(String id) {
        Optional<LoginProvider> found =
                all.stream().filter(each -> each.settings().id().equals(id)).findFirst();
        return found.orElseThrow(() -> SluiceException.notFound("The login provider"));
    }
}
