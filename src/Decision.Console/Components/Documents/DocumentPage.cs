using Decision.Console.Components.Shared;
using Decision.Console.Documents;
using Decision.Runtime.Administration;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Decision.Console.Components.Documents;

/// <summary>The page of an API or an organisation: as it is stored, as somebody writes it, and what that changes.</summary>
public abstract class DocumentPage<T> : ConsolePage
    where T : class
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    private byte[] _before = Nothing;
    private string _original = "";
    private bool _isLeaving;

    /// <summary>Tells what was done.</summary>
    [Inject]
    protected ISnackbar Snackbar { get; set; } = null!;

    /// <summary>What the actions on it begin with in the audit log, such as <c>api</c>.</summary>
    protected abstract string Kind { get; }

    /// <summary>The field of a new one's id.</summary>
    protected abstract string IdField { get; }

    /// <summary>Those that are stored.</summary>
    protected abstract DocumentAdministration<T> Documents { get; }

    /// <summary>Its id; null = a new one.</summary>
    protected string? DocumentId { get; private set; }

    /// <summary>As it is stored; null = it is not, or could not be read.</summary>
    protected Stored<T>? StoredDocument { get; private set; }

    /// <summary>As it is written; null = it could not be read.</summary>
    protected DocumentDraft? Draft { get; private set; }

    /// <summary>What saving would change; null = nobody asked.</summary>
    protected IReadOnlyList<FieldChange>? Changes { get; set; }

    /// <summary>What is written, and what is told of it: of a new one that nobody has begun, nothing yet.</summary>
    protected DocumentReading<T> Reading { get; private set; } = new(null, []);

    /// <summary>Whether it is not stored yet.</summary>
    protected bool IsNew => DocumentId is null;

    /// <summary>Whether something was written that is not saved.</summary>
    protected bool IsChanged => Draft is not null && Draft.Json != _original;

    /// <summary>Whether leaving the page would lose something.</summary>
    protected bool WouldLose => IsChanged && !_isLeaving;

    /// <summary>Whether it can be looked at what saving would change.</summary>
    protected bool CanReview => !IsBusy && Reading.IsSound && (IsNew || IsChanged);

    /// <summary>Whether others changed it while it was written.</summary>
    protected bool HasMet => Changes is not null && Problem is { Error: AdministrationError.Conflict };

    /// <summary>Reads what is written.</summary>
    protected abstract DocumentReading<T> Parse(string json, string? id);

    /// <summary>Writes its JSON.</summary>
    protected abstract byte[] Write(T value);

    /// <summary>Its page's address.</summary>
    protected abstract string AddressOf(T value);

    /// <summary>Shows one.</summary>
    /// <param name="id">Its id; null = a new one.</param>
    protected Task ShowAsync(string? id)
    {
        DocumentId = id;
        return LoadAsync();
    }

    /// <summary>Reads what is stored, and forgets what is written.</summary>
    protected async Task LoadAsync()
    {
        (StoredDocument, Draft, Changes, _isLeaving) = (null, null, null, false);
        if (IsNew)
        {
            _before = Nothing;
            Begin(DocumentDraft.Empty(IdField));
        }
        else if (await GetAsync())
        {
            Begin(DocumentDraft.Of(_before));
        }
    }

    /// <summary>Reads what is written, as it is typed.</summary>
    protected void Read() => Reading = Parse(Draft!.Json, DocumentId).Told(!IsNew || IsChanged);

    /// <summary>Looks at what saving would change.</summary>
    protected void Review() => Changes = Reading.Value is { } value ? FieldChange.Between(_before, Write(value)) : null;

    /// <summary>Looks at that again after others changed it: what was written stays.</summary>
    protected async Task CompareAgainAsync()
    {
        if (await GetAsync())
        {
            _original = DocumentDraft.Of(_before).Json;
            Review();
        }
    }

    /// <summary>Saves it.</summary>
    protected async Task SaveAsync()
    {
        var value = Reading.Value!;
        Written<T>? written = null;
        if (!await (IsNew
            ? TryAsync(Kind + ".create", Draft!.Text(IdField), async () => written = await Documents.CreateAsync(value, Leaving))
            : TryAsync(Kind + ".update", DocumentId!, async () => written = await Documents.UpdateAsync(DocumentId!, _ => value, StoredDocument!.Etag, Leaving))))
        {
            return;
        }

        Snackbar.Add($"Saved as revision {written!.Stored.Revision}. It is in force.", Severity.Success);
        if (IsNew)
        {
            Leave(AddressOf(written.Stored.Value));
            return;
        }

        await LoadAsync();
    }

    /// <summary>Goes to another page, when what was written is saved or its object gone.</summary>
    protected void Leave(string address)
    {
        _isLeaving = true;
        Navigation.NavigateTo(address);
    }

    private async Task<bool> GetAsync()
    {
        if (!await TryAsync(Kind + ".get", DocumentId!, async () => StoredDocument = await Documents.GetAsync(DocumentId!, Leaving)))
        {
            return false;
        }

        _before = Write(StoredDocument!.Value);
        return true;
    }

    private void Begin(DocumentDraft draft)
    {
        (Draft, _original) = (draft, draft.Json);
        Read();
    }
}
