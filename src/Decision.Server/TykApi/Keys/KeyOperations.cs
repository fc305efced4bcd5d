using System.Text.Json.Nodes;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Runtime;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Server.TykApi.Answers;
using Microsoft.Extensions.Options;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.TykApi.Keys;

/// <summary>The operations of <c>/tyk/keys</c> on <see cref="KeyAdministration"/>.</summary>
internal sealed class KeyOperations(
    KeyAdministration keys,
    KeyLookup lookup,
    KeyWriter writer,
    IKeyStore store,
    TimeProvider time,
    IOptions<RuntimeOptions> options,
    ILogger<KeyOperations> log)
{
    private const string Added = "added";
    private const string Modified = "modified";
    private const int Attempts = 3;

    private static readonly Refusal Unreadable = new(StatusCodes.Status500InternalServerError, "Unmarshalling failed: ");
    private static readonly Refusal CreationFailed = new(StatusCodes.Status500InternalServerError, "Failed to create key - ");
    private static readonly Refusal InvalidKey = new(StatusCodes.Status400BadRequest, "Failed to create key - ");

    public IEnumerable<TykRoute> Routes()
    {
        var create = new TykOperation("POST", Operator("key.create"), CreateAsync) { Malformed = Unreadable, Invalid = InvalidKey, PoliciesFailed = CreationFailed };
        yield return new TykRoute("/tyk/keys", Dialect.Gateway, new TykOperation("GET", Viewer("key.list"), ListAsync), create);
        yield return new TykRoute("/tyk/keys/create", Dialect.Gateway, create);
        yield return new TykRoute("/tyk/keys/add", Dialect.Gateway, create);
        yield return new TykRoute("/tyk/keys/preview", Dialect.Gateway, new TykOperation("POST", Viewer("key.preview"), PreviewAsync) { Malformed = Unreadable });
        yield return new TykRoute(
            "/tyk/keys/policy/{hash}",
            Dialect.Gateway,
            new TykOperation("POST", Operator("key.update"), SetPoliciesAsync)
            {
                NotFound = new Refusal(StatusCodes.Status404NotFound, "Key not found"),
                Malformed = new Refusal(StatusCodes.Status400BadRequest, "Couldn't decode instruction: "),
                Invalid = new Refusal(StatusCodes.Status400BadRequest, "Couldn't decode instruction: "),
                PoliciesFailed = new Refusal(StatusCodes.Status500InternalServerError, "Could not write key data: "),
            });
        yield return new TykRoute(
            "/tyk/keys/{key}",
            Dialect.Gateway,
            new TykOperation("GET", Viewer("key.get"), GetAsync) { NotFound = new Refusal(StatusCodes.Status404NotFound, "Key not found") },
            new TykOperation("POST", Operator("key.update"), PutAsync) { Invalid = InvalidKey },
            new TykOperation("PUT", Operator("key.update"), UpdateAsync) { Invalid = InvalidKey, NotFound = new Refusal(StatusCodes.Status404NotFound, "Key is not found") },
            new TykOperation("DELETE", Operator("key.delete"), DeleteAsync) { NotFound = new Refusal(StatusCodes.Status404NotFound, "There is no such key found") });
    }

    private async Task<TykAnswer> CreateAsync(TykRequest request)
    {
        var sent = await SentKey.ReadAsync(request);
        return Created(await keys.CreateAsync(sent.Key, "", allowsUnknownPolicies: true, request.Cancellation), sent);
    }

    private async Task<TykAnswer> PutAsync(TykRequest request)
    {
        string text = request.KeyText();
        var sent = await SentKey.ReadAsync(request);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await FindAsync(request, text) is { } id
                    ? Changed(text, Added, await ReplaceAsync(request, id, sent), sent)
                    : IsHash(request)
                        ? throw new RefusedException(StatusCodes.Status404NotFound, "Key is not found")
                        : Created(await keys.CreateAsync(sent.Key, text, allowsUnknownPolicies: true, request.Cancellation), sent);
            }
            catch (AdministrationException exception) when (
                exception.Error is AdministrationError.NotFound or AdministrationError.AlreadyExists && attempt < Attempts)
            {
                // Between the look and the write another call made or removed the key.
            }
        }
    }

    private async Task<TykAnswer> UpdateAsync(TykRequest request)
    {
        string text = request.KeyText();
        var sent = await SentKey.ReadAsync(request);
        return Changed(text, Modified, await ReplaceAsync(request, await RequireAsync(request, text), sent), sent);
    }

    private async Task<TykAnswer> GetAsync(TykRequest request)
    {
        var effective = await keys.GetEffectiveAsync(await RequireAsync(request, request.KeyText()), request.Cancellation);
        return new JsonAnswer(SessionJson.Of(effective.Grant.Merged, effective.Usage));
    }

    private async Task<TykAnswer> DeleteAsync(TykRequest request)
    {
        string text = request.KeyText();
        await keys.DeleteAsync(await RequireAsync(request, text), "", request.Cancellation);

        // What Tyk answers where the key is removed from all APIs.
        return request.Query("api_id") == "-1"
            ? new JsonAnswer((JsonNode?)null)
            : new JsonAnswer(new JsonObject { ["key"] = text, ["status"] = "ok", ["action"] = "deleted" });
    }

    private async Task<TykAnswer> SetPoliciesAsync(TykRequest request)
    {
        string text = request.KeyText();
        var policies = await PolicyInstruction.ReadAsync(request);
        string id = await lookup.FindAsync(text, isHash: true, request.Cancellation) ?? await RequireAsync(request, text);
        var updated = await keys.UpdateAsync(
            id, new KeyChange(before => before with { ApplyPolicies = policies }, NamesExpires: false, AllowsUnknownPolicies: true), request.Cancellation);
        var answer = new JsonObject { ["key"] = text, ["status"] = "ok", ["action"] = "updated" };
        AddMade(answer, updated.HmacString, id, updated.Warnings);
        return new JsonAnswer(answer);
    }

    private async Task<TykAnswer> PreviewAsync(TykRequest request)
    {
        var sent = await SentKey.ReadAsync(request);
        var findings = new FindingList();
        KeyRules.Check(sent.Key, findings, matching: options.Value.Engine.Grants.UrlMatching);
        if (findings.HasErrors)
        {
            throw new AdministrationException(findings);
        }

        var key = sent.Key with { DateCreatedUs = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000 };
        return new JsonAnswer(SessionJson.Of(keys.Preview(key), []));
    }

    private Task<TykAnswer> ListAsync(TykRequest request)
    {
        string organization = request.Query("filter");
        var filter = organization.Length == 0 ? KeyFilter.All : new KeyFilter(OrganizationId: organization);
        return KeyListAnswer.StartAsync(new KeyListing(store, keys, log, filter, request.Query("api_id")), request.Cancellation);
    }

    private Task<UpdatedKey> ReplaceAsync(TykRequest request, string id, SentKey sent) =>
        writer.ReplaceAsync(id, sent, request.Query("suppress_reset") == "1", request.Cancellation);

    private static bool IsHash(TykRequest request) => request.Query("hashed").Length > 0;

    private ValueTask<string?> FindAsync(TykRequest request, string text) => lookup.FindAsync(text, IsHash(request), request.Cancellation);

    private async ValueTask<string> RequireAsync(TykRequest request, string text) =>
        await FindAsync(request, text) ?? throw new AdministrationException(AdministrationError.NotFound, "There is no such key.");

    private JsonAnswer Created(CreatedKey created, SentKey sent)
    {
        var answer = Written(created.ApiKey, Added, created.Record);
        AddMade(answer, created.HmacString == sent.Key.HmacString ? "" : created.HmacString, created.Record.Key.Id, [.. sent.Findings, .. created.Warnings]);
        return new JsonAnswer(answer);
    }

    private JsonAnswer Changed(string text, string action, UpdatedKey updated, SentKey sent)
    {
        var answer = Written(text, action, updated.Record);
        AddMade(answer, updated.HmacString, updated.Record.Key.Id, [.. sent.Findings, .. updated.Warnings]);
        return new JsonAnswer(answer);
    }

    private static JsonObject Written(string text, string action, KeyRecord record) => new()
    {
        ["key"] = text,
        ["status"] = "ok",
        ["action"] = action,
        ["key_hash"] = record.Hashes[0].ToText(),
        ["key_id"] = record.Key.Id,
    };

    // What is only told now, and what is worth a second look.
    private void AddMade(JsonObject answer, string hmacString, string keyId, IEnumerable<Finding> findings)
    {
        if (hmacString.Length > 0)
        {
            answer["hmac_string"] = hmacString;
        }

        string[] warnings = Sentences.Warnings(findings);
        if (warnings.Length > 0)
        {
            answer["warnings"] = JsonAnswer.ToArray(warnings);
        }

        foreach (string warning in warnings)
        {
            TykApiLog.KeyWarned(log, keyId, warning);
        }
    }
}
