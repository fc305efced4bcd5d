-- Decides a batch of spendings: each all or nothing, one after the other, in one atomic step on this server's clock.
--   KEYS     of each spending: its subjects; then the place of its answer, where it has an idempotency key
--   ARGV[1]  empty, or the moment that a test sets
--   ARGV[n]  one spending, as SpendingWriter writes it
-- Answers one string: the moment, then of each spending a status and what belongs to it, as SpendingReader reads it.
local DONE, CHANGED, CONFLICT, REPLAY, WINDOW, DAMAGED = 0, 1, 2, 3, 4, 9
local LIFETIME = 60000000

local now
if ARGV[1] == '' then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
else
  now = tonumber(ARGV[1])
end

-- What the batch has read, by the name of the hash: a spending sees what the one before it spent.
local subjects, changed, answers = {}, {}, {}

-- From the first spend of a spending to its last a fault leaves the batch half done in memory.
local is_spending = false

local function load_subject(key, names)
  local held = subjects[key]
  if held then
    local missing = {}
    for index = 1, #names do
      if held.counters[names[index]] == nil then missing[#missing + 1] = names[index] end
    end
    if #missing == 0 then return held end
    names = missing
  end
  local fields = {'HMGET', key, 'v', 'x'}
  for index = 1, #names do fields[index + 4] = 'c/' .. names[index] end
  local values = call(unpack(fields))
  if not held then
    held = {key = key, version = values[1], kept = values[2] and sunpack('<d', values[2]), counters = {}}
    subjects[key] = held
  end
  for index = 1, #names do
    held.counters[names[index]] = {key = key, name = names[index], bytes = values[index + 2]}
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

local function write_outcome(refused, used, reset, retry, moment)
  return spack('<Bdddd', refused and 1 or 0, used, reset, retry, moment)
end

-- Flags: 1 = test only, 2 = the first subject is a key whose version must be the given one, 4 = has an idempotency key.
local function decide(bytes, first_key)
  local flags, cost, version, subject_count, charge_count, at = sunpack('<Bdc8BB', bytes)
  local is_peek, compares, is_named = flags % 2 == 1, flags % 4 >= 2, flags >= 4
  local own, names = {}, {}
  for index = 1, subject_count do
    local kind, length
    kind, length, at = sunpack('<BH', bytes, at)
    own[index] = {kind = kind, id = sub(bytes, at, at + length - 1)}
    at = at + length
    names[index] = {}
  end
  local limits = {}
  for index = 1, charge_count do
    local l
    l, at = read_charge(bytes, at)
    limits[index] = l
    local list = names[l.subject + 1]
    list[#list + 1] = l.name
  end
  for index = 1, subject_count do
    local held = load_subject(KEYS[first_key + index - 1], names[index])
    held.kind, held.id = held.kind or own[index].kind, held.id or own[index].id
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
      local stamp, other, told = sunpack('<dc8', known)
      if now - stamp < LIFETIME then
        if other ~= request then return spack('<B', CONFLICT) end
        return spack('<B', REPLAY) .. sub(known, told)
      end
    end
  end

  local enforced_fit, shadows_fit = true, true
  local tests = {}
  for index = 1, charge_count do
    local l = limits[index]
    local counter = own[l.subject + 1].counters[l.name]
    local s = state_of(counter, l)
    local moment, needed = moment_of(l, s, now)
    if not moment then return spack('<BBd', WINDOW, index - 1, needed) end
    local refused, used, reset, retry
    if l.k >= ROLLING then
      refused, used, reset, retry = test_quota(l, s, cost, moment)
    else
      s = under(counter, l, s)
      refused, used, reset, retry = test_rate(counter, l, s, cost, moment)
    end
    tests[index] = {refused, used, reset, retry, moment, s, counter}
    if refused then
      if l.shadow then shadows_fit = false else enforced_fit = false end
    end
  end

  local told = {}
  is_spending = true
  for index = 1, charge_count do
    local l, test = limits[index], tests[index]
    local moment, s, counter = test[5], test[6], test[7]
    if enforced_fit and not is_peek and (shadows_fit or not l.shadow) then
      if l.k >= ROLLING then
        counter.s = adjust_quota(l, s, cost, moment)
      else
        counter.s = spend_rate(counter, l, s, cost, moment)
      end
      local held = own[l.subject + 1]
      if not held.changed then
        held.changed = {}
        changed[#changed + 1] = held
      end
      held.changed[counter] = true
    elseif not test[1] then
      -- It would fit, but nothing is spent: the numbers are told as they are.
      if l.k >= ROLLING then
        test[1], test[2], test[3], test[4] = test_quota(l, s, 0, moment)
      else
        test[1], test[2], test[3], test[4] = test_rate(counter, l, s, 0, moment)
      end
    end
    told[index] = write_outcome(test[1], test[2], test[3], test[4], moment)
  end

  is_spending = false
  local outcomes = table.concat(told)
  if is_named and not is_peek then
    answers[answer_key] = spack('<dc8I4', now, request, #description) .. description .. outcomes
    answers[#answers + 1] = answer_key
  end
  return spack('<B', DONE) .. outcomes
end

local replies, first_key = {spack('<d', now)}, 1
for index = 2, #ARGV do
  local bytes = ARGV[index]
  local fine, reply = pcall(decide, bytes, first_key)
  if not fine then
    -- Nothing of the batch is written yet, so that it can fail as a whole.
    if is_spending or not (type(reply) == 'string' and string.find(reply, 'damaged', 1, true)) then error(reply, 0) end
    reply = spack('<B', DAMAGED)
  end
  replies[index] = reply
  first_key = first_key + byte(bytes, 18) + (byte(bytes, 1) >= 4 and 1 or 0)
end

for index = 1, #changed do
  local held = changed[index]
  local sets, dels, idle, always = {}, {}, 0, false
  for counter in pairs(held.changed) do
    collect(counter, sets, dels)
    local at = idle_at(counter.s)
    if at then idle = max(idle, at) else always = true end
  end
  if not held.version then
    if not held.kept and held.id ~= '' then
      sets[#sets + 1], sets[#sets + 2] = 's', string.char(held.kind) .. held.id
    end
  end
  if #dels > 0 then call('HDEL', held.key, unpack(dels)) end
  call('HSET', held.key, unpack(sets))
  if not held.version then
    local kept = keep(held.key, held.kept, (not always) and idle or nil, now)
    if kept then call('HSET', held.key, 'x', spack('<d', kept)) end
  end
end
for index = 1, #answers do
  call('SET', answers[index], answers[answers[index]], 'PX', 61000)
end
return table.concat(replies)
