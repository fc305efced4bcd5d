using System.Text.Json.Nodes;
using Decision.Engine.Json;
using Decision.Runtime.Administration;
using Decision.Server.TykApi.Answers;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.TykApi.Policies;

/// <summary>The operations of <c>/tyk/policies</c> on <see cref="PolicyAdministration"/>. A write is in force when it is answered.</summary>
internal sealed class PolicyOperations(PolicyAdministration policies, PolicyWriter writer)
{
    private static readonly Refusal NotFound = new(StatusCodes.Status404NotFound, "Policy not found");

    public IEnumerable<TykRoute> Routes()
    {
        yield return new TykRoute(
            "/tyk/policies",
            Dialect.Gateway,
            new TykOperation("GET", Viewer("policy.list"), ListAsync),
            new TykOperation("POST", Admin("policy.create"), CreateAsync),
            new TykOperation("PUT", Admin("policy.update"), _ => throw Refused("Must specify an apiID to update")),
            new TykOperation("DELETE", Admin("policy.delete"), _ => throw Refused("Must specify an apiID to delete")));
        yield return new TykRoute(
            "/tyk/policies/{id}",
            Dialect.Gateway,
            new TykOperation("GET", Viewer("policy.get"), GetAsync) { NotFound = NotFound },
            new TykOperation("POST", Admin("policy.create"), CreateAsync),
            new TykOperation("PUT", Admin("policy.update"), UpdateAsync),
            new TykOperation("DELETE", Admin("policy.delete"), DeleteAsync) { NotFound = new Refusal(StatusCodes.Status500InternalServerError, "Delete failed") });
    }

    private async Task<TykAnswer> ListAsync(TykRequest request)
    {
        var all = await PolicyList.ReadAsync(policies, request.Cancellation);
        return new JsonAnswer(json =>
        {
            json.WriteStartArray();
            foreach (var policy in all)
            {
                PolicyJson.Write(json, policy);
            }

            json.WriteEndArray();
        });
    }

    private async Task<TykAnswer> GetAsync(TykRequest request)
    {
        var stored = await policies.GetAsync(request.Id, request.Cancellation);
        return new JsonAnswer(json => PolicyJson.Write(json, stored.Value));
    }

    // The path's id does not count, as in Tyk: the policy goes by its own.
    private async Task<TykAnswer> CreateAsync(TykRequest request)
    {
        var sent = await SentPolicy.ReadAsync(request);
        if (sent.Policy.Id.Length == 0)
        {
            throw Refused("Unable to create policy without id.");
        }

        if (policies.Validate(sent.Policy).Where(finding => finding.Field == "id").ToArray() is { Length: > 0 } wrong)
        {
            throw Refused("Invalid Policy ID: " + Sentences.Join(wrong));
        }

        return Answer(await writer.PutAsync(sent, request.Cancellation), "added");
    }

    private async Task<TykAnswer> UpdateAsync(TykRequest request)
    {
        var sent = await SentPolicy.ReadAsync(request);
        return sent.Policy.Id == request.Id
            ? Answer(await writer.PutAsync(sent, request.Cancellation), "modified")
            : throw Refused("Request ID does not match that in policy! For Update operations these must match.");
    }

    private async Task<TykAnswer> DeleteAsync(TykRequest request)
    {
        await writer.DeleteAsync(request.Id, request.Cancellation);
        return Answer(new PolicyWrite(request.Id, []), "deleted");
    }

    private static JsonAnswer Answer(PolicyWrite written, string action)
    {
        var answer = new JsonObject { ["key"] = written.Id, ["status"] = "ok", ["action"] = action };
        if (written.Warnings.Length > 0)
        {
            answer["warnings"] = JsonAnswer.ToArray(written.Warnings);
        }

        return new JsonAnswer(answer);
    }

    private static RefusedException Refused(string message) => new(StatusCodes.Status400BadRequest, message);
}
