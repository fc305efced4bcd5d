-- Decides a batch of spendings: each all or nothing, one after the other, in one atomic step on this server's clock.
--   KEYS     of each spending: its subjects; then the place of its answer, where it has an idempotency key
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[n]  one spending, as SpendingWriter writes it
-- Answers one string: the moment, then of each spending a status and what belongs to it, as SpendingReader reads it.
local DONE, CHANGED, CONFLICT, REPLAY, WINDOW, FOREIGN, DAMAGED = 0, 1, 2, 3, 4, 8, 9
local DONE_BYTE = string.char(DONE)
local LIFETIME = 60000000

-- What the batch has read, by the name of the hash: a spending sees what the one before it spent.
local subjects, changed, answers = {}, {}, {}

-- From the first spend of a spending to its last a fault leaves the batch half done in memory.
local is_spending = false

-- Reads what a spending needs of a hash and the batch does not have yet.
local function load_subject(key, place, limits, limit_count)
  local held = subjects[key]
  local fields, wanted = nil, 0
  for index = 1, limit_count do
    local l = limits[index]
    if l.subject == place and not (held and held.counters[l.name]) then
      fields = fields or {'HMGET', key, 'v', 'x', 'l'}
      wanted = wanted + 1
      fields[wanted + 5] = 'c/' .. l.name
    end
  end
  if held and not fields then return held end
  local values = call(unpack(fields or {'HMGET', key, 'v', 'x', 'l'}))
  if not held then
    held = {key = key, version = values[1], kept = values[2] and sunpack('<d', values[2]), counters = {}, kind = 0, id = '', changed = false}
    held.leases = values[3] and read_leases(values[3])
    subjects[key] = held
  end
  for index = 1, wanted do
    local name = sub(fields[index + 5], 3)
    held.counters[name] = {key = key, name = name, bytes = values[index + 3], read = false, s = nil, is_changed = false}
  end
  return held
end

-- A counter's state is read when it is first asked for; what is damaged fails the spendings that need it, and no other.
local function state_of(counter, l)
  if not counter.read then
    if l.k >= ROLLING then counter.s = unpack_quota(counter.bytes) else counter.s = unpack_rate(counter.bytes) end
    counter.read = true
  end
  return counter.s
end

-- Used again by every spending: its subjects, charges, counters and states, and what the tests said.
local own, limits, counters, states = {}, {}, {}, {}
local refusals, uses, resets, retries, moments, told, costs, outs, ends = {}, {}, {}, {}, {}, {}, {}, {}, {}

-- Notes that a subject is to be written, with a counter or nil.
local function change(held, counter)
  if not held.changed then
    held.changed = {}
    changed[#changed + 1] = held
  end
  if counter and not counter.is_changed then
    counter.is_changed = true
    held.changed[#held.changed + 1] = counter
  end
end

-- What the counter of each charge held and holds now, for giveback.lua; empty where it was not spent, where entries
-- that lie apart changed too, or where ended leases were counted as well: what it held before that is not what it is to hold again.
local function tell_states(charge_count)
  local parts = {}
  for index = 1, charge_count do
    local counter = counters[index]
    local s = counter.is_changed and counter.s
    local before, after = '', ''
    if s and not counter.has_settled and not (s.put or s.del or (s.before and s.before.tc and s.before.tc > s.before.hc)) then
      before, after = counter.bytes or '', s.k == QUOTA_STATE and pack_quota(s) or pack_rate(s)
    end
    parts[index] = spack('<H', #before) .. before .. spack('<H', #after) .. after
  end
  return table.concat(parts)
end

-- Flags: 1 = test only, 2 = the first subject is a key whose version must be the given one, 4 = has an idempotency key, 8 = tell states too,
-- 16 = each charge has a cost of its own.
local function decide(bytes, first_key)
  local flags, cost, version, subject_count, charge_count, at = sunpack('<Bdc8BB', bytes)
  local is_peek, compares, is_named, tells = flags % 2 == 1, flags % 4 >= 2, flags % 8 >= 4, flags % 16 >= 8
  local subject_at = at
  for index = 1, subject_count do
    local _, length, after = sunpack('<BH', bytes, at)
    at = after + length
  end
  for index = 1, charge_count do
    limits[index], at = read_charge(bytes, at)
    costs[index] = cost
  end
  if flags >= 16 then
    for index = 1, charge_count do
      costs[index], at = sunpack('<d', bytes, at)
    end
  end
  for index = 1, subject_count do
    local held = load_subject(KEYS[first_key + index - 1], index - 1, limits, charge_count)
    if not held.version and held.id == '' then
      -- A hash without a record must tell whose it is.
      local kind, length, after = sunpack('<BH', bytes, subject_at)
      held.kind, held.id, subject_at = kind, sub(bytes, after, after + length - 1), after + length
    else
      local _, length, after = sunpack('<BH', bytes, subject_at)
      subject_at = after + length
    end
    own[index] = held
  end
  if compares and own[1].version ~= version then return spack('<B', CHANGED) end

  local answer_key, request, description
  if is_named then
    local length
    request, length, at = sunpack('<c8I4', bytes, at)
    description = sub(bytes, at, at + length - 1)
    answer_key = KEYS[first_key + subject_count]
    local known = answers[answer_key] or call('GET', answer_key)
    if known then
      local stamp, other, rest = sunpack('<dc8', known)
      if now - stamp < LIFETIME then
        if other ~= request then return spack('<B', CONFLICT) end
        return spack('<B', REPLAY) .. sub(known, rest)
      end
    end
  end

  local enforced_fit, shadows_fit = true, true
  for index = 1, charge_count do
    local l = limits[index]
    local counter = own[l.subject + 1].counters[l.name]
    local s = state_of(counter, l)
    local moment, needed = moment_of(l, s, now)
    if not moment then return spack('<BBd', WINDOW, index - 1, needed) end
    outs[index], ends[index] = 0, 0
    local held = own[l.subject + 1]
    if held.leases then
      local has_ended
      outs[index], ends[index], has_ended = reserved_of(held.leases, l.name, now)
      if has_ended then
        -- What is damaged shows here, before anything is changed.
        test_bare(counter, l, l.k < ROLLING and under(counter, l, s) or s, 0, moment)
        is_spending = true
        s, held.leases = end_leases(held.leases, counter, l, s, now)
        held.leases_changed, counter.s, counter.has_settled = true, s, true
        change(held, s and counter)
        is_spending = false
      end
    end
    local refused
    if l.k < ROLLING then s = under(counter, l, s) end
    refused, uses[index], resets[index], retries[index] = test_charge(counter, l, s, costs[index], moment, outs[index], ends[index])
    refusals[index], counters[index], states[index], moments[index] = refused, counter, s, moment
    if refused then
      if l.shadow then shadows_fit = false else enforced_fit = false end
    end
  end

  is_spending = true
  local spends = enforced_fit and not is_peek
  for index = 1, charge_count do
    local l, s, counter, moment = limits[index], states[index], counters[index], moments[index]
    if spends and (shadows_fit or not l.shadow) then
      if l.k >= ROLLING then
        counter.s = adjust_quota(l, s, costs[index], moment)
      else
        counter.s = spend_rate(counter, l, s, costs[index], moment)
      end
      change(own[l.subject + 1], counter)
    elseif not refusals[index] then
      -- It would fit, but nothing is spent: the numbers are told as they are.
      local _
      _, uses[index], resets[index], retries[index] = test_charge(counter, l, s, 0, moment, outs[index], ends[index])
    end
    told[index] = spack('<Bdddd', refusals[index] and 1 or 0, uses[index], resets[index], retries[index], moment)
  end

  is_spending = false
  local outcomes = table.concat(told, '', 1, charge_count)
  if is_named and not is_peek then
    answers[answer_key] = spack('<dc8I4', now, request, #description) .. description .. outcomes
    answers[#answers + 1] = answer_key
  end
  return DONE_BYTE .. outcomes .. (tells and tell_states(charge_count) or '')
end

local replies, first_key = {spack('<d', now)}, 1
for index = 2, #ARGV do
  local bytes = ARGV[index]
  local fine, reply = pcall(decide, bytes, first_key)
  if not fine then
    -- Nothing of the batch is written yet, so that it can fail as a whole.
    local told = type(reply) == 'table' and reply.err or reply
    local is_foreign = string.find(told, 'WRONGTYPE', 1, true)
    if is_spending or not (is_foreign or string.find(told, 'damaged', 1, true)) then error(reply, 0) end
    reply = spack('<B', is_foreign and FOREIGN or DAMAGED)
  end
  replies[index] = reply
  first_key = first_key + byte(bytes, 18) + (byte(bytes, 1) % 8 >= 4 and 1 or 0)
end

for index = 1, #changed do
  local held = changed[index]
  local sets, dels, idle, always = {}, {}, 0, false
  for each = 1, #held.changed do
    local counter = held.changed[each]
    collect(counter, sets, dels)
    local at = idle_at(counter.s)
    if at then idle = max(idle, at) else always = true end
  end
  if not held.version then
    if not held.kept and held.id ~= '' then
      sets[#sets + 1], sets[#sets + 2] = 's', string.char(held.kind) .. held.id
    end
  end
  if held.leases_changed then
    if #held.leases > 0 then
      sets[#sets + 1], sets[#sets + 2] = 'l', write_leases(held.leases)
    else
      dels[#dels + 1] = 'l'
    end
  end
  if #dels > 0 then call('HDEL', held.key, unpack(dels)) end
  if #sets > 0 then call('HSET', held.key, unpack(sets)) end
  if not held.version then
    local kept = keep(held.key, held.kept, (not always) and idle or nil, now)
    if kept then call('HSET', held.key, 'x', spack('<d', kept)) end
  end
end
for index = 1, #answers do
  call('SET', answers[index], answers[answers[index]], 'PX', 61000)
end
return table.concat(replies)
