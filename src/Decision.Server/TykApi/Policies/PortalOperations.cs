using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Engine.Json;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Server.TykApi.Answers;
using static Decision.Server.Administrators.AdminDemand;

namespace Decision.Server.TykApi.Policies;

/// <summary>The Dashboard API's policy routes on <see cref="PolicyAdministration"/>: policies go by their <c>_id</c> there.</summary>
internal sealed class PortalOperations(PolicyAdministration policies, PolicyWriter writer, Catalog catalog)
{
    private const string ObjectId = "_id";

    // The Dashboard's.
    private const int PageSize = 10;

    private static readonly Refusal NotFound = new(StatusCodes.Status404NotFound, "Policy not found");

    public IEnumerable<TykRoute> Routes()
    {
        yield return new TykRoute(
            "/api/portal/policies", Dialect.Dashboard, new TykOperation("GET", Viewer("policy.list"), ListAsync), new TykOperation("POST", Admin("policy.create"), CreateAsync));
        yield return new TykRoute(
            "/api/portal/policies/{id}",
            Dialect.Dashboard,
            new TykOperation("GET", Viewer("policy.get"), GetAsync) { NotFound = NotFound },
            new TykOperation("PUT", Admin("policy.update"), UpdateAsync) { NotFound = NotFound },
            new TykOperation("DELETE", Admin("policy.delete"), DeleteAsync) { NotFound = NotFound });
    }

    private async Task<TykAnswer> ListAsync(TykRequest request)
    {
        IEnumerable<Policy> all = await PolicyList.ReadAsync(policies, request.Cancellation);
        if (request.Query("active").Length > 0)
        {
            all = all.Where(policy => policy.IsLoaded);
        }

        // Without a page, or with one below 0, all of them are one page.
        var shown = all.ToArray();
        int pages = 1;
        string page = request.Query("p");
        if (page.Length > 0)
        {
            if (!int.TryParse(page, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            {
                throw new RefusedException(StatusCodes.Status400BadRequest, "p is no page: write a number from 1 on, or -1 for all.");
            }

            if (number >= 0)
            {
                pages = Math.Max(1, (shown.Length + PageSize - 1) / PageSize);
                shown = [.. shown.Chunk(PageSize).ElementAtOrDefault(Math.Max(number, 1) - 1) ?? []];
            }
        }

        return new JsonAnswer(new JsonObject { ["Data"] = new JsonArray([.. shown.Select(ToJson)]), ["Pages"] = pages });
    }

    private async Task<TykAnswer> GetAsync(TykRequest request) =>
        new JsonAnswer(ToJson((await policies.GetAsync(IdOf(request.Id), request.Cancellation)).Value));

    private async Task<TykAnswer> CreateAsync(TykRequest request) =>
        Done((await writer.CreateAsync(await SentPolicy.ReadAsync(request), request.Cancellation)).Id);

    private async Task<TykAnswer> UpdateAsync(TykRequest request)
    {
        string id = IdOf(request.Id);
        var sent = await SentPolicy.ReadAsync(request);
        bool isAnother = sent.WrittenId.Length > 0 && sent.WrittenId != id;
        if (isAnother || (sent.Policy.ObjectId.Length > 0 && IdOf(sent.Policy.ObjectId) != id && sent.Policy.ObjectId != request.Id))
        {
            throw new RefusedException(
                StatusCodes.Status400BadRequest, "The policy's id is not the one in the path: write the same in both, or leave it out of the body.");
        }

        await writer.UpdateAsync(sent with { Policy = sent.Policy with { Id = id } }, request.Cancellation);
        return Done("Data updated");
    }

    private async Task<TykAnswer> DeleteAsync(TykRequest request)
    {
        await writer.DeleteAsync(IdOf(request.Id), request.Cancellation);
        return Done("Data deleted");
    }

    // A policy's own id, also where the path names it by its "_id".
    private string IdOf(string text)
    {
        var set = catalog.Rules.Policies;
        return set.Find(text) is not null ? text
            : set.Entries.FirstOrDefault(entry => entry.Policy.ObjectId == text)?.Policy.Id ?? text;
    }

    private static JsonObject ToJson(Policy policy)
    {
        var json = JsonAnswer.ToObject(writer => PolicyJson.Write(writer, policy));
        if (!json.ContainsKey(ObjectId))
        {
            json.Insert(0, ObjectId, policy.Id);
        }

        return json;
    }

    private static JsonAnswer Done(string message) => new(new JsonObject { ["Status"] = "OK", ["Message"] = message, ["Meta"] = null });
}
