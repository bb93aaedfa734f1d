using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Tokens;

internal static class TokenRegistration
{
    public static void AddTokens(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(TokenOptions.Section);
        builder.Services.AddOptions<TokenOptions>().Configure(options =>
        {
            section.Bind(options);
            if (section.Exists() || !builder.Environment.IsDevelopment())
                return;
            options.ActiveKey = TokenOptions.DevelopmentKeyId;
            options.Keys[TokenOptions.DevelopmentKeyId] = TokenOptions.DevelopmentKey;
        }).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>());
        builder.Services.TryAddSingleton<TokenSigner>();
    }
}
