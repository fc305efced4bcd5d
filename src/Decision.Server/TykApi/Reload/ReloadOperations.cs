using System.Text.Json.Nodes;
using Decision.Runtime.Credentials;
using Decision.Runtime.Files;
using Decision.Server.TykApi.Answers;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.TykApi.Reload;

/// <summary><c>/tyk/reload</c>: the files are read again; what the store holds is in force anyway.</summary>
internal sealed class ReloadOperations(FileLayer files, ReloadRequests requests)
{
    public IEnumerable<TykRoute> Routes()
    {
        var reload = new TykOperation("GET", Admin("files.reload"), ReloadAsync);
        yield return new TykRoute("/tyk/reload", Dialect.Gateway, reload);
        yield return new TykRoute("/tyk/reload/group", Dialect.Gateway, reload);
    }

    private async Task<TykAnswer> ReloadAsync(TykRequest request)
    {
        Actor.Current.RequireAll("The files belong to all organisations");
        if (request.Query("block") != "true")
        {
            requests.Add();
            return Done();
        }

        var reload = await files.ReloadAsync(request.Cancellation);
        return reload.IsInForce
            ? Done()
            : throw new RefusedException(
                StatusCodes.Status500InternalServerError, "The files have errors, and what was in force before stays: " + Sentences.Join(reload.Findings));
    }

    private static JsonAnswer Done() => new(new JsonObject { ["status"] = "ok", ["message"] = "" });
}
