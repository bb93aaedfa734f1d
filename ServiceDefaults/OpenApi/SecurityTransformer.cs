using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;

namespace ServiceDefaults.OpenApi;

/// <summary>Shows in OpenAPI what the endpoints' conventions require: user token, pass, Idempotency-Key.</summary>
internal sealed class SecurityTransformer : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string User = "user";
    private const string Pass = "pass";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = context.ApplicationServices.GetService(typeof(Microsoft.Extensions.Hosting.IHostEnvironment))
            is Microsoft.Extensions.Hosting.IHostEnvironment environment ? environment.ApplicationName : document.Info.Title;
        document.Components ??= new OpenApiComponents();
        document.AddComponent<IOpenApiSecurityScheme>(User, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A user token.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(Pass, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = AdmittedPass.Header,
            Description = "The pass of an admitted user.",
        });
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AccessRequirement>().SingleOrDefault() is { Access: var access })
        {
            var required = new OpenApiSecurityRequirement();
            if (access.HasFlag(Access.User))
                required.Add(new OpenApiSecuritySchemeReference(User, context.Document), []);
            if (access.HasFlag(Access.Pass))
                required.Add(new OpenApiSecuritySchemeReference(Pass, context.Document), []);
            operation.Security = [required];
        }
        if (metadata.OfType<IdempotencyKeyRequired>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            });
        }
        return Task.CompletedTask;
    }
}
